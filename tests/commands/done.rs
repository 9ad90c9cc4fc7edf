//! What is done ends with 0.
