//! The steps inside: from the text of `fedgit.toml` to the model, and from there to a plan.

use divan::Bencher;
use fedgit::config::layer::{Layer, Origin};
use fedgit::config::{check, merge};
use fedgit::model::{AwsKey, AwsValue, Model};
use fedgit::reconcile::{Found, Owner, Plan, Terms, Wanted, plan};

use crate::declaration::{Shape, declaration, sizes, with_every_tenth_changed};

const OWNER: &str = "/home/jane/.config/fedgit/fedgit.toml";

fn model(text: &str) -> Model {
    let layer = Layer::parse(Origin::User(OWNER.into()), text.to_owned()).unwrap();
    let layers = [layer];
    let (settings, mistakes) = merge::merge(&layers);
    assert!(mistakes.is_empty());
    let (model, mistakes) = check::check(&settings, &layers);
    assert!(mistakes.is_empty());
    model
}

/// The sections that `fedgit apply` wants for a declaration.
fn wanted(text: &str) -> Vec<Wanted> {
    let program = "/home/jane/.cargo/bin/fedgit";
    let section = |profile: &fedgit::model::Profile| {
        let name = &profile.name;
        let line = format!("{program} credential-process --profile {name} --user {OWNER}");
        let text = |text: &str| AwsValue::Text(text.parse().unwrap());
        let keys = vec![
            (AwsKey::known("region"), text(profile.region.as_str())),
            (AwsKey::known("credential_process"), text(&line)),
        ];
        Wanted::profile(name, keys, Owner::named(OWNER)).unwrap()
    };
    model(text).profiles.values().map(section).collect()
}

fn planned(wanted: &[Wanted], before: Option<&[u8]>) -> Plan {
    let terms = Terms {
        here: [Owner::named(OWNER)].into(),
        ..Terms::default()
    };
    plan(wanted, &Found::read(before).unwrap(), &terms).unwrap()
}

/// The file once everything of a declaration is applied.
fn applied(text: &str) -> Vec<u8> {
    planned(&wanted(text), None).after().unwrap().to_vec()
}

mod load {
    use super::{Bencher, Shape, declaration, model, sizes};

    #[divan::bench(args = sizes(), max_time = 4)]
    fn tables(bencher: Bencher<'_, '_>, profiles: usize) {
        let text = declaration(Shape::Tables, profiles);
        bencher.bench_local(|| model(&text));
    }

    #[divan::bench(args = sizes(), max_time = 4)]
    fn matrix(bencher: Bencher<'_, '_>, profiles: usize) {
        let text = declaration(Shape::Matrix, profiles);
        bencher.bench_local(|| model(&text));
    }
}

mod plan_of {
    use super::{
        Bencher, Shape, applied, declaration, planned, sizes, wanted, with_every_tenth_changed,
    };

    #[divan::bench(args = sizes(), max_time = 4)]
    fn nothing_changed(bencher: Bencher<'_, '_>, profiles: usize) {
        let text = declaration(Shape::Tables, profiles);
        let (wanted, before) = (wanted(&text), applied(&text));
        bencher.bench_local(|| planned(&wanted, Some(&before)));
    }

    #[divan::bench(args = sizes(), max_time = 4)]
    fn one_in_ten_changed(bencher: Bencher<'_, '_>, profiles: usize) {
        let before = applied(&declaration(Shape::Tables, profiles));
        let wanted = wanted(&with_every_tenth_changed(profiles));
        bencher.bench_local(|| planned(&wanted, Some(&before)));
    }

    #[divan::bench(args = sizes(), max_time = 4)]
    fn all_new(bencher: Bencher<'_, '_>, profiles: usize) {
        let wanted = wanted(&declaration(Shape::Tables, profiles));
        bencher.bench_local(|| planned(&wanted, None));
    }

    #[divan::bench(args = sizes(), max_time = 4)]
    fn all_gone(bencher: Bencher<'_, '_>, profiles: usize) {
        let before = applied(&declaration(Shape::Tables, profiles));
        bencher.bench_local(|| planned(&[], Some(&before)));
    }
}
