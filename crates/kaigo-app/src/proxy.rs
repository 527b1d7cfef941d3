//! Who acts in a person's place (代理人): recorded by the insurer's clerk, ended by the person or a clerk, asked at every request.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::ProxyFor;
use kaigo_store::db::{self, Tx};
use kaigo_store::{insurer, letter, proxy};

/// The proxy of an account, if it stands on that day: asked at every request, so that an end counts at once.
pub(crate) fn acting(
    tx: &mut Tx<'_>,
    whom: (InsurerNo, InsuredNo),
    proxy_id: &str,
    today: Date,
) -> Result<Option<ProxyFor>, db::Error> {
    let Some(found) = proxy::find(tx, whom, proxy_id)?.filter(|proxy| proxy.stands(today)) else {
        return Ok(None);
    };
    let published = insurer::find(tx, whom.0)?.map_or(0, |insurer| insurer.published_load);
    Ok(Some(ProxyFor {
        proxy_id: found.proxy_id,
        person_name: letter::name(tx, whom, published)?.unwrap_or_default(),
        relation: found.relation,
        scope: found.scope,
        until: found.valid_until,
    }))
}
