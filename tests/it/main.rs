//! fedgit
