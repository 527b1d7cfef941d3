//! Sample values of every page.
