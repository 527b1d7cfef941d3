//! Builds the demo's data, in the order in which it would have come about: records of nine days ago, registrations, looks,
//! then what a municipality sent yesterday.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use kaigo_app::import::claims::claims;
use kaigo_app::import::feed::{FeedOptions, feed};
use kaigo_app::import::office::offices;
use kaigo_app::import::report::Outcome;
use kaigo_app::login::{self, NewAccount, NewOwner};
use kaigo_app::proxy::{self, TypedProxy};
use kaigo_app::run::Target;
use kaigo_app::setup::{self, PastCharge, PastLook};
use kaigo_app::{App, Ctx, Error, Ids, certificates, certification, documents, news, presence, seal};
use kaigo_core::date::{Date, add_days, add_months};
use kaigo_core::id::{InsurerNo, OfficeNo};
use kaigo_core::policy::{
    BoardStaff, Caller, InsurerStaff, Item, JobType, MedicalStaff, OperatorStaff, ProxyScope, Purpose, Staff,
    SupporterStaff,
};
use kaigo_core::proxy::{ProxyEvidence, ProxyKind};
use kaigo_core::service::ServiceKind;
use kaigo_demo::Nation;
use kaigo_demo::account::{DAUGHTER, DemoAccount, DemoCharge, DemoItem, DemoRole, SUPPORTER};
use kaigo_demo::feed::FeedPlan;
use kaigo_store::institution::{Board, Institution};
use kaigo_store::insurer::Insurer;
use kaigo_store::office::{Office, OfficeService};
use tokio::runtime::Runtime;

use super::folder::Folder;
use crate::surroundings::{operator, runtime};

/// Care managers looked at their people this many days ago, or when they registered them if that was later: after the feed
/// of nine days ago, before the one of yesterday.
const LOOKED_DAYS_AGO: i32 = 8;
/// When an office begins its day.
const OPENING_HOUR: i8 = 9;

/// A registration with its identifier.
pub(super) type Registered = (DemoCharge, String);

/// A demo in the making.
pub(super) struct Build<'a> {
    app: &'a App,
    ids: &'a Ids,
    nation: &'a Nation,
    files: PathBuf,
    runtime: Runtime,
}

impl<'a> Build<'a> {
    pub(super) fn new(app: &'a App, ids: &'a Ids, nation: &'a Nation, folder: &Folder) -> Result<Self> {
        Ok(Self { app, ids, nation, files: folder.files(), runtime: runtime()? })
    }

    pub(super) fn run(&self, holder: &str) -> Result<()> {
        let persons = kaigo_core::code::thousands(i32::try_from(self.nation.scale())?);
        eprintln!("デモの国（{persons}人）を作っています。");
        std::fs::create_dir_all(&self.files)?;
        self.masters()?;
        let mut feeds = self.nation.feeds().into_iter();
        let first = feeds.next().context("the demo has a feed")?;
        self.feed(&first)?;
        let callers = self.accounts()?;
        let charges = self.charges()?;
        self.past_views(&callers)?;
        self.looks(&callers, &charges, first.insurer_no)?;
        for plan in feeds {
            self.feed(&plan)?;
        }
        self.exchange(&callers)?;
        self.claims(&charges)?;
        eprintln!("申請・意見書・審査会・届出を、途中まで進めています。");
        let moment = |days_ago, hour, minute| self.moment(days_ago, hour, minute);
        self.runtime.block_on(super::circle::load(self.app, self.nation, &callers, &charges, &moment))?;
        self.runtime.block_on(super::office::load(self.app, self.nation, &callers, &moment))?;
        self.runtime.block_on(super::portal::load(self.app, self.nation, &callers, &moment, holder))?;
        // What the night's jobs say: whose charge ends for want of claims, what loads changed, what ends soon.
        let ctx = self.moment(0, 5, 30)?;
        self.runtime.block_on(presence::work(self.app, &ctx, holder)).map_err(operator)?;
        self.runtime.block_on(news::work(self.app, &ctx, holder)).map_err(operator)?;
        let ctx = self.moment(0, 6, 0)?;
        self.runtime.block_on(seal::run(self.app, &ctx, holder)).map_err(operator)?;
        Ok(())
    }

    /// A moment so many days before the demo's day, and that day.
    fn moment(&self, days_ago: i32, hour: i8, minute: i8) -> Result<Ctx> {
        let day = add_days(self.nation.today(), -days_ago);
        let now = in_japan(day.at(hour, minute, 0, 0))?;
        let mut ctx = Ctx::new(now, self.ids.clone());
        ctx.today = day;
        Ok(ctx)
    }

    /// Insurers, the published offices through the importer, and the one that no open data has.
    fn masters(&self) -> Result<()> {
        let insurers = self.nation.insurers().into_iter().map(|i| Insurer {
            insurer_no: i.insurer_no,
            name: i.name.to_owned(),
            name_kana: i.name_kana.to_owned(),
            municipality_code: Some(i.municipality_code.to_string()),
            phone: Some(i.phone.to_owned()),
            started_on: Some(i.started_on),
            published_load: 0,
            published_at: None,
        });
        let insurers = insurers.collect();
        self.runtime.block_on(setup::put_insurers(self.app, insurers)).map_err(operator)?;
        self.circle()?;
        let mut paths = Vec::new();
        for (name, bytes) in self.nation.office_files() {
            let path = self.files.join(name);
            std::fs::write(&path, bytes).with_context(|| path.display().to_string())?;
            paths.push(path);
        }
        let ctx = self.moment(100, 5, 0)?;
        let report = offices(&self.app.db, &paths, false, ctx.now, &mut |_| {})?;
        if report.exit_status() != 0 {
            bail!("事業所の取込：\n{}", report.text());
        }
        for demo in self.nation.unpublished_offices() {
            let (office, services) = unpublished(&demo)?;
            self.runtime.block_on(setup::put_office(self.app, &ctx, office, services)).map_err(operator)?;
        }
        Ok(())
    }

    /// Medical institutions and boards.
    fn circle(&self) -> Result<()> {
        let ctx = self.moment(100, 5, 0)?;
        let institutions = self.nation.institutions().into_iter().map(|i| Institution {
            institution_no: i.institution_no,
            name: i.name.to_owned(),
            name_kana: i.name_kana.to_owned(),
            address: None,
            phone: Some(i.phone.to_owned()),
        });
        let institutions = setup::put_institutions(self.app, &ctx, institutions.collect());
        self.runtime.block_on(institutions).map_err(operator)?;
        let (supporter_id, name, phone) = SUPPORTER;
        let supporter =
            setup::put_supporter(self.app, supporter_id.to_owned(), name.to_owned(), Some(phone.to_owned()));
        self.runtime.block_on(supporter).map_err(operator)?;
        for demo in self.nation.boards() {
            let board = Board { board_id: demo.board_id.to_owned(), name: demo.name.to_owned(), phone: None };
            self.runtime.block_on(setup::put_board(self.app, board, demo.insurers)).map_err(operator)?;
        }
        Ok(())
    }

    /// One feed, written as a municipality would send it, and imported.
    fn feed(&self, plan: &FeedPlan) -> Result<()> {
        eprintln!("{}の記録（{}）を取り込んでいます。", plan.insurer_name, plan.folder);
        let folder = self.files.join(&plan.folder);
        let range = self.nation.range_of(plan.insurer_no);
        self.nation.write_feed(&folder, plan, range).with_context(|| folder.display().to_string())?;
        // An hour after the municipality made it.
        let at = in_japan(plan.made_on.at(6, 10, 0, 0))?;
        let options = FeedOptions::default();
        let report = feed(&self.app.db, &self.app.objects, &folder, &options, at, &mut |_| {})?;
        if report.outcome != Outcome::Published {
            bail!("{}の取込：\n{}", plan.insurer_name, report.text());
        }
        Ok(())
    }

    /// Accounts, by login: as the policy will see their owners.
    fn accounts(&self) -> Result<BTreeMap<&'static str, Caller>> {
        eprintln!("ログインできる人を用意しています。");
        let ctx = self.moment(100, OPENING_HOUR, 0)?;
        let mut callers = BTreeMap::new();
        let (proxies, others): (Vec<DemoAccount>, Vec<DemoAccount>) =
            self.nation.accounts().into_iter().partition(|account| account.role == DemoRole::Proxy);
        // Who acts for somebody is recorded by a clerk first.
        for account in others.into_iter().chain(proxies) {
            let owner = if account.role == DemoRole::Proxy {
                self.proxy(&account, callers.get("shiyakusho").context("the clerk")?)?
            } else {
                owner_of(&account)?
            };
            let new = NewAccount {
                login_id: account.login.to_owned(),
                name: account.name.to_owned(),
                owner: owner.clone(),
                password: account.password.to_owned(),
                totp_secret: account.totp_secret,
            };
            let account_id = self.runtime.block_on(login::create(self.app, &ctx, new)).map_err(operator)?;
            let name = account.name.to_owned();
            let Some(caller) = self.caller(owner, account_id, name)? else { continue };
            callers.insert(account.login, caller);
        }
        Ok(callers)
    }

    /// The daughter of the story comes to the counter: recorded as the proxy of the account's person, who sees everything and consents
    /// to nothing.
    fn proxy(&self, account: &DemoAccount, clerk: &Caller) -> Result<NewOwner> {
        let (insurer_no, insured_no) = account.insured.context("somebody is represented")?;
        let ctx = self.moment(60, OPENING_HOUR, 40)?;
        let [kana, relation, birth] = DAUGHTER.map(str::to_owned);
        let typed = TypedProxy {
            kind: ProxyKind::Family.code().to_owned(),
            name: account.name.to_owned(),
            kana,
            relation,
            birth,
            scope: ProxyScope::Viewing.code().to_owned(),
            evidence: ProxyEvidence::AtTheDesk.code().to_owned(),
            submit_key: ctx.ids.id(),
            ..TypedProxy::default()
        };
        let recorded = proxy::record(self.app, &ctx, clerk, (insurer_no, insured_no), typed);
        let recorded = self.runtime.block_on(recorded).map_err(operator)?;
        Ok(NewOwner::Proxy(insurer_no, insured_no, recorded.proxy_id))
    }

    /// An account's owner as the policy will see them; none for those who act in nothing before the first start.
    fn caller(&self, owner: NewOwner, account_id: String, name: String) -> Result<Option<Caller>> {
        Ok(Some(match owner {
            NewOwner::Staff(office_no, job, is_admin) => Caller::Staff(Staff {
                account_id,
                office_no,
                office_name: self.office_name(office_no),
                services: self.services(office_no)?,
                job,
                is_admin,
                name,
            }),
            NewOwner::Person(insurer_no, insured_no) => {
                Caller::Person { account_id, insurer_no, insured_no, name, proxy: None }
            }
            NewOwner::Insurer(insurer_no, is_admin) => {
                let insurers = self.nation.insurers();
                let insurer = insurers.iter().find(|i| i.insurer_no == insurer_no);
                let insurer_name = insurer.map(|i| i.name.to_owned()).unwrap_or_default();
                Caller::Insurer(InsurerStaff { account_id, insurer_no, insurer_name, name, is_admin })
            }
            NewOwner::Medical(institution_no, job) => {
                let all = self.nation.institutions();
                let found = all.iter().find(|i| i.institution_no == institution_no);
                Caller::Medical(MedicalStaff {
                    account_id,
                    institution_no,
                    institution_name: found.map(|i| i.name.to_owned()).unwrap_or_default(),
                    services: Vec::new(),
                    job,
                    name,
                })
            }
            NewOwner::Board(board_id) => {
                let all = self.nation.boards();
                let found = all.iter().find(|b| b.board_id == board_id).context("a board of the demo")?;
                Caller::Board(BoardStaff {
                    account_id,
                    board_id,
                    board_name: found.name.to_owned(),
                    insurers: found.insurers.clone(),
                    name,
                })
            }
            NewOwner::Operator(is_admin) => Caller::OperatorStaff(OperatorStaff { account_id, name, is_admin }),
            NewOwner::Supporter(supporter_id) => Caller::Supporter(SupporterStaff {
                account_id,
                supporter_id,
                supporter_name: SUPPORTER.1.to_owned(),
                name,
            }),
            NewOwner::Proxy(..) => return Ok(None),
        }))
    }

    fn office_name(&self, office_no: OfficeNo) -> String {
        let offices = self.nation.offices();
        let office = offices.iter().find(|office| office.office_no == office_no);
        office.map(|office| office.name.to_owned()).unwrap_or_default()
    }

    fn services(&self, office_no: OfficeNo) -> Result<Vec<ServiceKind>> {
        let offices = self.nation.offices();
        let own = offices.iter().filter(|office| office.office_no == office_no);
        own.map(|office| service_kind(office.service_code)).collect()
    }

    /// Registrations that were made before the first start.
    fn charges(&self) -> Result<Vec<Registered>> {
        let demo = self.nation.charges();
        let accounts = self.nation.accounts();
        let past = demo.iter().map(|charge| {
            let by = accounts.iter().find(|a| a.office_no == Some(charge.office_no)).map_or("", |a| a.name);
            PastCharge {
                office_no: charge.office_no,
                office_name: self.office_name(charge.office_no),
                insurer_no: charge.insurer_no,
                insured_no: charge.insured_no,
                days_ago: charge.registered_days_ago,
                closes_on: charge.closes_in_days.map(|days| add_days(self.nation.today(), days)),
                by: by.to_owned(),
            }
        });
        let ctx = self.moment(0, OPENING_HOUR, 0)?;
        let ids = self.runtime.block_on(setup::past_charges(self.app, &ctx, past.collect())).map_err(operator)?;
        Ok(demo.into_iter().zip(ids).collect())
    }

    /// Looks that the people of the story find in their logs.
    fn past_views(&self, callers: &BTreeMap<&'static str, Caller>) -> Result<()> {
        let views = self.nation.past_views();
        let mut looks = Vec::with_capacity(views.len());
        for view in views {
            let (items, purpose, document): (&'static [Item], _, _) = match view.what {
                DemoItem::Certificates => {
                    (&[Item::InsuredCertificate, Item::BurdenRatio, Item::Relief], Purpose::Qualification, None)
                }
                DemoItem::Certification => (&[Item::CertificationResult, Item::Progress], Purpose::Certification, None),
                DemoItem::Survey => (&[Item::Survey], Purpose::CarePlan, Some("survey-1")),
                DemoItem::DoctorOpinion => (&[Item::DoctorOpinion], Purpose::CarePlan, Some("opinion-1")),
                DemoItem::Allowances => (&[Item::Balances], Purpose::Benefit, None),
            };
            looks.push(PastLook {
                at: in_japan(view.at)?,
                caller: callers.get(view.login).context(view.login)?.clone(),
                insurer_no: view.insurer_no,
                insured_no: view.insured_no,
                items,
                document: document.map(str::to_owned),
                purpose: if view.purpose.contains("サービス計画") { Purpose::CarePlan } else { purpose },
            });
        }
        self.runtime.block_on(setup::past_looks(self.app, self.ids, looks)).map_err(operator)
    }

    /// Care managers have looked at their people of the insurer whose records are there: what comes later is new to them.
    fn looks(
        &self,
        callers: &BTreeMap<&'static str, Caller>,
        charges: &[Registered],
        insurer_no: InsurerNo,
    ) -> Result<()> {
        eprintln!("これまでの閲覧を記録しています。");
        let managers = self.nation.accounts();
        for manager in managers.iter().filter(|a| a.role == DemoRole::CareManager) {
            let caller = callers.get(manager.login).context(manager.login)?;
            let own =
                charges.iter().filter(|(c, _)| Some(c.office_no) == manager.office_no && c.insurer_no == insurer_no);
            for (n, (charge, charge_id)) in own.enumerate() {
                let days_ago = LOOKED_DAYS_AGO.min(charge.registered_days_ago);
                let minute = i8::try_from(n % 58)?;
                let ctx = self.moment(days_ago, OPENING_HOUR + 1 + i8::try_from(n / 58)?, minute)?;
                self.look(&ctx, caller, charge_id).with_context(|| format!("{}", charge.insured_no))?;
            }
        }
        Ok(())
    }

    /// Three months of ケアプランデータ連携, each step at its moment.
    fn exchange(&self, callers: &BTreeMap<&'static str, Caller>) -> Result<()> {
        eprintln!("ケアプランのやりとりを再現しています。");
        let moment = |at: DateTime| -> Result<Ctx> {
            let mut ctx = Ctx::new(in_japan(at)?, self.ids.clone());
            ctx.today = at.date();
            Ok(ctx)
        };
        self.runtime.block_on(super::exchange::load(self.app, &self.nation.exchange(), callers, &moment))
    }

    /// Claims of the offices for their people, month by month since the registration, as the operator brings them: but none for who
    /// has not been served any more, whose registration therefore ends soon.
    fn claims(&self, charges: &[Registered]) -> Result<()> {
        let today = self.nation.today();
        let mut rows = String::from("insurer_no,insured_no,office_no,service_month,state,received_month\n");
        for (charge, _) in charges.iter().filter(|(charge, _)| charge.closes_in_days.is_none()) {
            let mut month = add_days(today, -charge.registered_days_ago).first_of_month();
            while add_months(month, 1) < today.first_of_month() {
                let after = add_months(month, 1);
                let text = |day: Date| format!("{:04}-{:02}", day.year(), day.month());
                let DemoCharge { insurer_no, insured_no, office_no, .. } = charge;
                writeln!(rows, "{insurer_no},{insured_no},{office_no},{},claimed,{}", text(month), text(after))?;
                month = after;
            }
        }
        let path = self.files.join("claims.csv");
        std::fs::write(&path, rows).with_context(|| path.display().to_string())?;
        let ctx = self.moment(1, 5, 0)?;
        let report = claims(&self.app.db, &Caller::Operator, &[path], false, ctx.now, &mut |_| {})?;
        if report.exit_status() != 0 {
            bail!("請求の有無の取込：\n{}", report.text());
        }
        Ok(())
    }

    /// One person's pages, as a care manager goes through them.
    fn look(&self, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<()> {
        let target = || Target::Charge(charge_id.to_owned());
        let later = |seconds| Ctx { now: ctx.now + SignedDuration::from_secs(seconds), ..ctx.clone() };
        self.runtime.block_on(async {
            let (second, third) = (later(20), later(40));
            tolerate(certificates::view(self.app, ctx, caller, target()).await)?;
            tolerate(certification::view(self.app, &second, caller, target()).await)?;
            tolerate(documents::list(self.app, &third, caller, charge_id).await)
        })
    }
}

/// A person who may not be shown any more is part of the story.
fn tolerate<T>(looked: Result<T, Error>) -> Result<()> {
    match looked {
        Ok(_) | Err(Error::Forbidden(_)) => Ok(()),
        Err(error) => Err(operator(error)),
    }
}

fn owner_of(account: &DemoAccount) -> Result<NewOwner> {
    if let Some((insurer_no, insured_no)) = account.insured {
        return Ok(NewOwner::Person(insurer_no, insured_no));
    }
    match account.role {
        DemoRole::OperatorStaff => return Ok(NewOwner::Operator(false)),
        DemoRole::OperatorAdmin => return Ok(NewOwner::Operator(true)),
        DemoRole::Supporter => return Ok(NewOwner::Supporter(SUPPORTER.0.to_owned())),
        DemoRole::CareManager
        | DemoRole::OfficeStaff
        | DemoRole::OfficeAdmin
        | DemoRole::Citizen
        | DemoRole::Proxy
        | DemoRole::InsurerClerk
        | DemoRole::InsurerAdmin
        | DemoRole::Physician
        | DemoRole::BoardSecretary => {}
    }
    let named = JobType::ALL.iter().copied().find(|job| job.label() == account.job_type);
    let is_admin = account.role == DemoRole::OfficeAdmin;
    let job = named.unwrap_or(if is_admin { JobType::Clerk } else { JobType::Other });
    if let Some(insurer_no) = account.insurer_no {
        return Ok(NewOwner::Insurer(insurer_no, account.role == DemoRole::InsurerAdmin));
    }
    if let Some(institution_no) = account.institution_no {
        return Ok(NewOwner::Medical(institution_no, job));
    }
    if let Some(board_id) = account.board_id {
        return Ok(NewOwner::Board(board_id.to_owned()));
    }
    Ok(NewOwner::Staff(account.office_no.context(account.login)?, job, is_admin))
}

fn unpublished(demo: &kaigo_demo::office::DemoOffice) -> Result<(Office, Vec<OfficeService>)> {
    let office = Office {
        office_no: demo.office_no,
        name: demo.name.to_owned(),
        name_kana: demo.name_kana.to_owned(),
        municipality_code: Some(demo.municipality_code.to_string()),
        address: Some(demo.address.clone()),
        phone: Some(demo.phone.clone()),
        corporate_no: Some(demo.corporate_no.to_string()),
        corporate_name: Some(demo.corporation.to_owned()),
        ..Office::default()
    };
    let service = OfficeService {
        office_no: demo.office_no,
        kind: service_kind(demo.service_code)?,
        weekdays: None,
        weekdays_note: None,
        capacity: demo.capacity.map(i32::from),
        shared_service: None,
        standard_kaigo: None,
        standard_shogai: None,
        remarks: None,
    };
    Ok((office, vec![service]))
}

fn service_kind(code: &str) -> Result<ServiceKind> {
    ServiceKind::parse(code).map_err(|bad| anyhow::anyhow!(bad.say("サービス種類コード")))
}

pub(super) fn in_japan(at: DateTime) -> Result<Timestamp> {
    let zone = TimeZone::fixed(Offset::from_seconds(9 * 3600)?);
    Ok(at.to_zoned(zone)?.timestamp())
}
