//! The vocabulary: values that can only be built from good text. No I/O, no clock.

pub mod assume;
pub mod aws;
pub mod credentials;
pub mod declared;
pub mod loopback;
pub mod name;
pub mod setting;
pub mod time;

pub use assume::Assume;
pub use aws::{AccountId, Partition, Region, RoleArn, SessionDuration, permission_set};
pub use credentials::{Assertion, Credentials, Keys};
pub use declared::{
    FormFields, IdentityCenter, Idp, IdpKind, Model, Okta, OktaDevice, Profile, Repo, RepoGroup,
    SamlLogin, SamlWay, Settings, Source, Store, Target,
};
pub use loopback::is_loopback;
pub use name::{BadName, IdpName, ProfileName, RepoAlias, RepoName, RepoPattern, RoleName};
pub use secrecy::{ExposeSecret, SecretString};
pub use setting::{AwsKey, AwsText, AwsValue, HARMLESS, MARKER, SESSION_MARKER};
pub use time::Timestamp;
