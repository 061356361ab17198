//! IAM Identity Center: a sign-in by browser or by code, one token for everything, and what happens
//! where either is not to be had.

mod center;
mod faults;
mod lists;
mod many;
mod offered;
mod own_profiles;
mod shared;

pub(crate) use center::{Center, start};
