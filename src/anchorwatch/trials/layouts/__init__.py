"""Made traffic as others write it: Danish tables, our own columns, NMEA logs with tag blocks."""
