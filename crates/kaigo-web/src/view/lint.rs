//! Checks over rendered pages.
