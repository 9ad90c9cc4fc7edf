//! Of `actions`.

pub use crate::actions::{
    add_key::{NewKey, add_key, register_environment_keys},
    admit_user::admit_user,
    cancel_order::{CancelOrderError, Cancelled, cancel_order},
    grant_credits::{Grant, GrantError, grant_credits, take_credits},
    place_order::{PlaceOrder, PlaceOrderError, place_order},
    receive_photo::{NewPhoto, receive_photo},
    rescue_jobs::rescue_jobs,
    rules::Rules,
    settle_deliver::Delivery,
    settle_submit::Submission,
};
