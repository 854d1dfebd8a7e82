//! Templates: the embedded default, a theme folder over it, and errors that name file, line and page.
