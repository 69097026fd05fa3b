"""The morning's page: facts -> sections of sentences, each with its sources -> Markdown, HTML, typst. Pure."""
