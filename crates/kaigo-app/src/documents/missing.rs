//! Why a paper of an application is not there: not made yet and until when, on its way, sent back, taken back, never to come.

use kaigo_core::code::{ApplicationKind, Outcome};
use kaigo_core::date::{Date, add_days};
use kaigo_core::opinion::request::State;
use kaigo_core::policy::Item;
use kaigo_core::progress::StepKind;
use kaigo_core::record::application::Application;
use kaigo_core::rule::insurer::Rules;
use kaigo_core::text::Text;
use kaigo_store::opinion::asked::Asked;

/// Why a paper is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody was asked for it yet.
    NotAsked,
    /// Somebody was asked and has not answered.
    Asked {
        /// Who; none if the records do not name them.
        by: Option<String>,
        /// When.
        on: Date,
        /// By when: the day that was named, or the usual days of the insurer.
        due_on: Option<Date>,
        /// Whether that day was named to who was asked.
        is_named: bool,
    },
    /// The survey is to take place on that day.
    Planned {
        /// When.
        on: Date,
    },
    /// The survey took place; its sheet is on its way.
    Surveyed {
        /// When.
        on: Date,
    },
    /// It was sent back to be corrected.
    SentBack {
        /// To whom.
        by: String,
        /// By when it is to be there.
        due_on: Date,
    },
    /// Who was asked cannot write it; somebody else is asked.
    Declined {
        /// Who could not.
        by: String,
    },
    /// It was submitted and the municipality looks at it.
    Submitted {
        /// By whom.
        by: String,
    },
    /// The municipality has it; it is shown once it is registered, at the latest after the board.
    Received {
        /// When it came.
        on: Date,
        /// Day of the board.
        board_on: Option<Date>,
    },
    /// The municipality took it back.
    TakenBack,
    /// The application ended before it was made.
    Ended(Outcome),
    /// The certification of another municipality is taken over: none is made.
    NotNeeded,
    /// The application was decided; the municipality has not registered the paper.
    NotRegistered,
}

/// Why the paper of an application is not there. `taken_back`: it was there once.
pub(super) fn missing(
    item: Item,
    app: &Application,
    (asked, taken_back): (Option<&Asked>, bool),
    rules: &Rules,
    today: Date,
) -> Missing {
    if taken_back {
        return Missing::TakenBack;
    }
    match app.outcome {
        Some(outcome @ (Outcome::Withdrawn | Outcome::Dismissed)) => return Missing::Ended(outcome),
        Some(Outcome::Certified | Outcome::NotCertified) => return Missing::NotRegistered,
        None => {}
    }
    if app.kind == ApplicationKind::MovedIn {
        return Missing::NotNeeded;
    }
    let received = if item == Item::Survey { app.survey_received_on } else { app.opinion_received_on };
    if let Some(on) = received {
        return Missing::Received { on, board_on: app.board_planned_on };
    }
    if item == Item::Survey { survey(app, rules, today) } else { opinion(app, asked, rules) }
}

fn due(on: Date, kind: StepKind, rules: &Rules) -> Option<Date> {
    rules.usual(kind, on).map(|days| add_days(on, days))
}

fn survey(app: &Application, rules: &Rules, today: Date) -> Missing {
    match (app.surveyed_on, app.survey_requested_on) {
        (Some(on), _) if on > today => Missing::Planned { on },
        (Some(on), _) => Missing::Surveyed { on },
        (None, Some(on)) => Missing::Asked { by: None, on, due_on: due(on, StepKind::Survey, rules), is_named: false },
        (None, None) => Missing::NotAsked,
    }
}

fn opinion(app: &Application, asked: Option<&Asked>, rules: &Rules) -> Missing {
    if let Some(asked) = asked {
        let by = asked.institution.clone();
        return match asked.state {
            State::Requested => {
                Missing::Asked { by: Some(by), on: asked.requested_on, due_on: Some(asked.due_on), is_named: true }
            }
            State::Returned => Missing::SentBack { by, due_on: asked.due_on },
            State::Submitted | State::Accepted => Missing::Submitted { by },
            State::Declined | State::Cancelled => Missing::Declined { by },
        };
    }
    match app.opinion_requested_on {
        Some(on) => {
            let by = app.institution.as_ref().map(Text::to_string);
            Missing::Asked { by, on, due_on: due(on, StepKind::Opinion, rules), is_named: false }
        }
        None => Missing::NotAsked,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn why(item: Item, app: &Application, asked: Option<&Asked>) -> Missing {
        missing(item, app, (asked, false), &Rules::standard(TODAY), TODAY)
    }

    fn asked(state: State) -> Asked {
        Asked {
            application_no: "1".to_owned(),
            institution: "浜通り内科医院".to_owned(),
            requested_on: date(2026, 11, 10),
            due_on: date(2026, 11, 24),
            state,
        }
    }

    #[test]
    fn every_reason_is_told_apart() {
        let day = |d| Some(date(2026, 11, d));
        let new = Application { applied_on: date(2026, 11, 1), ..Application::default() };
        assert_eq!(why(Item::Survey, &new, None), Missing::NotAsked);
        assert_eq!(why(Item::DoctorOpinion, &new, None), Missing::NotAsked);
        let both = Application { survey_requested_on: day(3), opinion_requested_on: day(3), ..new.clone() };
        let due = |d| Missing::Asked { by: None, on: date(2026, 11, 3), due_on: day(d), is_named: false };
        assert_eq!(why(Item::Survey, &both, None), due(10), "the national target of 7 days");
        assert_eq!(why(Item::DoctorOpinion, &both, None), due(16), "of 13 days");
        // The request on the platform knows more than the records.
        let named = Missing::Asked {
            by: Some("浜通り内科医院".to_owned()),
            on: date(2026, 11, 10),
            due_on: day(24),
            is_named: true,
        };
        assert_eq!(why(Item::DoctorOpinion, &both, Some(&asked(State::Requested))), named);
        for (state, want) in [
            (State::Returned, Missing::SentBack { by: "浜通り内科医院".to_owned(), due_on: date(2026, 11, 24) }),
            (State::Submitted, Missing::Submitted { by: "浜通り内科医院".to_owned() }),
            (State::Declined, Missing::Declined { by: "浜通り内科医院".to_owned() }),
        ] {
            assert_eq!(why(Item::DoctorOpinion, &both, Some(&asked(state))), want, "{state:?}");
        }
        let planned = Application { surveyed_on: day(25), ..both.clone() };
        assert_eq!(why(Item::Survey, &planned, None), Missing::Planned { on: date(2026, 11, 25) });
        let done = Application { surveyed_on: day(20), ..both.clone() };
        assert_eq!(why(Item::Survey, &done, None), Missing::Surveyed { on: date(2026, 11, 20) });
        let there = Application { survey_received_on: day(21), board_planned_on: day(26), ..done };
        let received = Missing::Received { on: date(2026, 11, 21), board_on: day(26) };
        assert_eq!(why(Item::Survey, &there, None), received);
        assert_eq!(missing(Item::Survey, &there, (None, true), &Rules::standard(TODAY), TODAY), Missing::TakenBack);
        let moved = Application { kind: ApplicationKind::MovedIn, ..new.clone() };
        assert_eq!(why(Item::Survey, &moved, None), Missing::NotNeeded);
        for (outcome, want) in
            [(Outcome::Withdrawn, Missing::Ended(Outcome::Withdrawn)), (Outcome::Certified, Missing::NotRegistered)]
        {
            let ended = Application { outcome: Some(outcome), ..both.clone() };
            assert_eq!(why(Item::DoctorOpinion, &ended, None), want);
        }
    }
}
