"""The measures: tables and parameters in, one `Result` out; they read, draw and print nothing."""
