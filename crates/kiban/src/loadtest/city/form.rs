//! Forms of a page as a browser without scripts sends them: what stands in the fields, and what somebody typed over it.

/// A form of a page with its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// Where it is sent to.
    pub(super) action: String,
    fields: Vec<(String, String)>,
    /// Boxes and circles that can be ticked: name and value.
    ticks: Vec<(String, String)>,
}

impl Form {
    /// The form of the page whose action ends like this.
    pub(super) fn of(page: &str, action: &str) -> Option<Self> {
        after(page, "form").into_iter().find_map(|rest| {
            let (head, body) = rest.split_once('>')?;
            let own = attribute(head, "action")?;
            (own.ends_with(action) && attribute(head, "method").as_deref() == Some("post"))
                .then(|| Self::read(own, until(body, "form")))
        })
    }

    fn read(action: String, body: &str) -> Self {
        let mut form = Self { action, ..Self::default() };
        for rest in body.split('<').skip(1) {
            let Some((tag, text)) = rest.split_once('>') else { continue };
            let Some(name) = attribute(tag, "name") else { continue };
            if tag.starts_with("input") {
                form.input(tag, name);
            } else if tag.starts_with("textarea") {
                form.fields.push((name, plain(text)));
            } else if tag.starts_with("select") {
                let chosen = chosen(body, &name);
                form.fields.push((name, chosen));
            }
        }
        form
    }

    fn input(&mut self, tag: &str, name: String) {
        let value = attribute(tag, "value").unwrap_or_default();
        match attribute(tag, "type").as_deref() {
            Some("checkbox" | "radio") => {
                let is_ticked = tag.split_whitespace().any(|word| word.trim_end_matches('/') == "checked");
                if is_ticked {
                    self.fields.push((name.clone(), value.clone()));
                }
                self.ticks.push((name, value));
            }
            Some("file" | "submit") => {}
            _ => self.fields.push((name, value)),
        }
    }

    /// Types over a field, or ticks a box.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Names and values of the boxes whose name begins like this.
    pub(super) fn boxes(&self, start: &str) -> Vec<(String, String)> {
        self.ticks.iter().filter(|(name, _)| name.starts_with(start)).cloned().collect()
    }

    /// What is sent.
    pub(super) fn fields(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// What follows each opening tag of that name.
fn after<'a>(page: &'a str, tag: &str) -> Vec<&'a str> {
    page.split(&format!("{}{tag}", '<')).skip(1).collect()
}

/// What stands before the first closing tag of that name.
fn until<'a>(page: &'a str, tag: &str) -> &'a str {
    page.split(&format!("{}/{tag}>", '<')).next().unwrap_or_default()
}

/// The chosen option of a select, else its first.
fn chosen(body: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\"");
    let select =
        after(body, "select").into_iter().find(|rest| rest.split('>').next().is_some_and(|tag| tag.contains(&mark)));
    let select = select.map(|rest| until(rest, "select")).unwrap_or_default();
    let options: Vec<&str> = after(select, "option").into_iter().filter_map(|rest| rest.split('>').next()).collect();
    let picked = options.iter().find(|tag| tag.contains("selected")).or_else(|| options.first());
    picked.and_then(|tag| attribute(tag, "value")).unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(plain(rest.split('"').next()?))
}

/// Undoes what templates escape.
fn plain(text: &str) -> String {
    text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<form method=\"get\" action=\"/a\"><input name=\"q\" value=\"no\"></form>\
        <form class=\"k\" method=\"post\" action=\"/x/a\" novalidate><input type=\"hidden\" name=\"csrf\" value=\"t&#38;\">\
        <input type=\"checkbox\" name=\"pick-1\" value=\"1\"><input type=\"checkbox\" name=\"b\" value=\"2\" checked>\
        <input class=\"r\" type=\"radio\" name=\"r\" value=\"x\"><input type=\"radio\" name=\"r\" value=\"y\" checked>\
        <textarea id=\"n\" name=\"note\" rows=\"3\">lines</textarea><button name=\"act\" value=\"save\">s</button>\
        <select name=\"s\"><option value=\"\">-</option><option value=\"7\" selected>7</option></select></form>";

    #[test]
    fn a_form_is_read_as_a_browser_sends_it() {
        let form = Form::of(PAGE, "/a").unwrap();
        assert_eq!(form.action, "/x/a");
        let expected = [("csrf", "t&"), ("b", "2"), ("r", "y"), ("note", "lines"), ("s", "7")];
        assert_eq!(form.fields(), expected);
        assert_eq!(form.boxes("pick-"), [("pick-1".to_owned(), "1".to_owned())]);
        let typed = form.with("r", "x").with("new", "1");
        assert!(typed.fields().contains(&("r", "x")) && typed.fields().contains(&("new", "1")));
        assert!(!typed.fields().contains(&("r", "y")));
        assert!(Form::of(PAGE, "/none").is_none());
    }
}
