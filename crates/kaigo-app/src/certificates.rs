//! The tab 被保険者証など: the certificates in the order of the cards; and the balances of 住宅改修 and 福祉用具.

use kaigo_core::policy::{Caller, Item, Purpose, Refusal};
use kaigo_core::record::benefit::{EquipmentPurchase, HomeModification};
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::person::Qualification;
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BenefitRestriction, BurdenRatio, Relief};
use kaigo_core::rule::balance::{EquipmentBalance, HomeBalance, equipment_balance, home_balance};
use kaigo_store::db::Tx;
use kaigo_store::office;
use kaigo_store::record::{Segment, of_person};

use crate::person::{self, Head, Timeline, last_look, timeline};
use crate::run::{Look, Seen, Target, look};
use crate::{App, Ctx, Error};

/// The items of the tab.
const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::BurdenRatio, Item::Relief, Item::Progress];

/// The certificates of a person.
#[derive(Clone, Debug)]
pub struct Certificates {
    /// The person.
    pub head: Head,
    /// Qualification (資格), the newest.
    pub qualification: Option<Qualification>,
    /// Certification (認定).
    pub certification: Timeline<Certification>,
    /// Limits (限度額).
    pub limits: Timeline<BenefitLimit>,
    /// Burden ratio (負担割合).
    pub burden: Timeline<BurdenRatio>,
    /// Relief (負担限度額ほか).
    pub relief: Timeline<Relief>,
    /// Restrictions (給付制限).
    pub restrictions: Timeline<BenefitRestriction>,
    /// Who makes the plan (居宅届出), with the office's name.
    pub notices: Timeline<PlanNotice>,
    /// Names of the offices that the notices speak of.
    pub office_names: Vec<(String, String)>,
    /// When the office last looked (instant), if it did.
    pub last_look: Option<String>,
    /// Items that are not shown, with the reason.
    pub refused: Vec<(Item, Refusal)>,
}

/// Looks at the certificates: an office at one of its people, a person at themself.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<Certificates, Error> {
    let purpose = if target == Target::Myself { Purpose::Own } else { Purpose::Qualification };
    let what = Look::view(target, ITEMS, purpose);
    let ctx2 = ctx.clone();
    look(app, ctx, caller, what, move |tx, seen| read(tx, &ctx2, seen)).await
}

fn read(tx: &mut Tx<'_>, ctx: &Ctx, seen: &Seen) -> Result<Certificates, Error> {
    let before = last_look(tx, ctx, seen, "certificates")?;
    let since = before.as_ref().map(|look| look.load_no);
    let today = ctx.today;
    let may = |item| seen.grant.covers(item);
    let qualification = of_person::<Qualification>(tx, &seen.grant, seen.published())?;
    let notices = timeline::<PlanNotice>(tx, seen, today, since)?;
    let mut office_names = Vec::new();
    for notice in notices.now.iter().chain(&notices.coming).chain(&notices.past) {
        if let Some(no) = notice.record.office_no
            && let Some((name, _)) = office::name(tx, no)?
        {
            office_names.push((no.as_str().to_owned(), name));
        }
    }
    let certification = timeline(tx, seen, today, since)?;
    Ok(Certificates {
        head: person::head_with(tx, seen, &certification)?,
        qualification: qualification.iter().rev().find_map(Segment::current).map(|row| row.record.clone()),
        certification,
        limits: timeline(tx, seen, today, since)?,
        burden: if may(Item::BurdenRatio) { timeline(tx, seen, today, since)? } else { Timeline::default() },
        relief: if may(Item::Relief) { timeline(tx, seen, today, since)? } else { Timeline::default() },
        restrictions: timeline(tx, seen, today, since)?,
        notices,
        office_names,
        last_look: before.map(|look| look.looked_at),
        refused: seen.refused.clone(),
    })
}

/// The balances of a person.
#[derive(Clone, Debug)]
pub struct Balances {
    /// The person.
    pub head: Head,
    /// 住宅改修費 at the present home.
    pub home: HomeBalance,
    /// Every work, with those that do not count any more.
    pub works: Vec<HomeModification>,
    /// 福祉用具購入費 of this fiscal year.
    pub equipment: EquipmentBalance,
    /// Every purchase.
    pub purchases: Vec<EquipmentPurchase>,
}

/// Looks at the balances of one of the office's people.
pub async fn balances(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<Balances, Error> {
    let target = Target::Charge(charge_id.to_owned());
    let what = Look::view(target, &[Item::Balances, Item::InsuredCertificate], Purpose::Benefit);
    let today = ctx.today;
    look(app, ctx, caller, what, move |tx, seen| {
        if let Some(refusal) = seen.refusal(Item::Balances) {
            return Err(refusal.clone().into());
        }
        let head = person::head(tx, seen, today)?;
        let works = current::<HomeModification>(tx, seen)?;
        let purchases = current::<EquipmentPurchase>(tx, seen)?;
        let level = head.certification.as_ref().filter(|_| head.certified_today).map(|c| c.care_level);
        let home_no = works.iter().map(|w| w.home_no).max().unwrap_or(kaigo_core::code::Amount(1));
        Ok(Balances {
            home: home_balance(&works, level, home_no, today),
            equipment: equipment_balance(&purchases, today),
            head,
            works,
            purchases,
        })
    })
    .await
}

fn current<R: kaigo_store::record::Guarded>(tx: &mut Tx<'_>, seen: &Seen) -> Result<Vec<R>, Error> {
    let segments = of_person::<R>(tx, &seen.grant, seen.published())?;
    Ok(segments.iter().filter_map(Segment::current).map(|row| row.record.clone()).collect())
}
