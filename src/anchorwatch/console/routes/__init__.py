"""The API: one file per subject with a `router`. `console.app` finds them by themselves."""
