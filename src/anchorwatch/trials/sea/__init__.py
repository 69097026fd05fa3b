"""Who sails in the Baltic, and where: lanes, routes, fleets of every trade."""
