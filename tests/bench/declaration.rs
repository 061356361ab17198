//! Declarations of any size, in the two ways that people write them.

use std::fmt::Write as _;

/// How the profiles are declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A `[role.NAME]` with an ARN for every profile.
    Tables,
    /// One role in every account and region.
    Matrix,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tables => "a table each",
            Self::Matrix => "accounts x regions",
        }
    }
}

/// As many regions as a role of a large organization has.
const REGIONS: [&str; 20] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "ap-east-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
];

const IDP: &str = "[idp.corp]\nkind = \"adfs\"\n\
    url = \"https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices\"\n\
    username = \"jane@example.com\"\n\n";

/// How many profiles, from `FEDGIT_BENCH_SIZES`.
pub(crate) fn sizes() -> Vec<usize> {
    let sizes = std::env::var("FEDGIT_BENCH_SIZES").unwrap_or("1000,10000,100000".to_owned());
    let size = |text: &str| text.trim().parse().expect("FEDGIT_BENCH_SIZES=1000,10000");
    sizes.split(',').map(size).collect()
}

/// A `fedgit.toml` of `profiles` profiles.
pub(crate) fn declaration(shape: Shape, profiles: usize) -> String {
    match shape {
        Shape::Tables => tables(profiles, |_| "us-east-1"),
        Shape::Matrix => matrix(profiles),
    }
}

/// [`Shape::Tables`], every tenth profile in another region.
pub(crate) fn with_every_tenth_changed(profiles: usize) -> String {
    tables(profiles, |i| {
        if i % 10 == 0 {
            "eu-west-1"
        } else {
            "us-east-1"
        }
    })
}

fn tables(profiles: usize, region: impl Fn(usize) -> &'static str) -> String {
    let mut text = IDP.to_owned();
    for i in 0..profiles {
        let account = 100_000_000_000 + i;
        let _ = write!(
            text,
            "[role.team-{i:06}-developer]\nidp = \"corp\"\n\
             arn = \"arn:aws:iam::{account}:role/ADFS-Developer\"\nregion = \"{}\"\n\n",
            region(i)
        );
    }
    text
}

fn matrix(profiles: usize) -> String {
    let accounts = profiles / REGIONS.len();
    assert_eq!(
        accounts * REGIONS.len(),
        profiles,
        "a multiple of the regions"
    );
    let mut text = IDP.to_owned();
    for i in 0..accounts {
        let id = 100_000_000_000_usize + i;
        let _ = writeln!(text, "[account.team-{i:06}]\nid = \"{id}\"\n");
    }
    let names: Vec<String> = (0..accounts).map(|i| format!("\"team-{i:06}\"")).collect();
    let _ = write!(
        text,
        "[role.developer]\nidp = \"corp\"\nrole_name = \"ADFS-Developer\"\n\
         accounts = [{}]\nregions = {REGIONS:?}\n",
        names.join(", ")
    );
    text
}
