//! Reading and checking beside the floor of the same run: `encoding_rs` decoding and the `csv` library's splitting.
//!
//! `cargo bench -p kaigo-careplan [-- MEGABYTES]` prints milliseconds, rows a second and ratios to the floor. Sets are made of
//! synthetic people; nothing is asserted about time.
#![expect(
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::wildcard_enum_match_arm,
    reason = "a benchmark prints what it measured; its data are one table"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use kaigo_careplan::batch::{Batch, InFile, sort};
use kaigo_careplan::check::{Context, check_set};
use kaigo_careplan::kind::Kind;
use kaigo_careplan::table::{Writer, read};

fn main() {
    let megabytes = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_usize);
    let batch = heap(megabytes * 1_000_000);
    let bytes: usize = batch.sets.iter().flat_map(|set| &set.files).map(|file| file.bytes.len()).sum();
    let rows: usize = batch.sets.iter().map(|set| set.open().files.iter().map(|f| f.table.len()).sum::<usize>()).sum();
    println!("{} sets, {:.1} MB, {rows} rows", batch.sets.len(), millions(bytes));
    let floor = median(|| batch.sets.iter().flat_map(|set| &set.files).for_each(|file| floor(&file.bytes)));
    let parse = median(|| {
        for file in batch.sets.iter().flat_map(|set| &set.files) {
            black_box(read(file.parsed.kind, &file.bytes));
        }
    });
    let context = Context::default();
    let mut findings = 0;
    let check = median(|| {
        findings = 0;
        for set in &batch.sets {
            findings += check_set(&set.open(), &context).len();
        }
    });
    for (name, took) in [("floor: encoding_rs + csv", floor), ("read", parse), ("read and check", check)] {
        let seconds = took.as_secs_f64();
        println!(
            "{name:<26}{:>9.1} ms  {:>7.2} million rows/s  {:>7.1} MB/s  ratio {:.2}",
            seconds * 1000.0,
            millions(rows) / seconds,
            millions(bytes) / seconds,
            seconds / floor.as_secs_f64()
        );
    }
    println!("findings: {findings}");
    println!("memory at most: {}", peak_memory());
    let month = heap(1);
    let took = median(|| {
        for set in &month.sets {
            black_box(check_set(&set.open(), &context));
        }
    });
    println!("a month of 200 users ({} sets): {:.1} ms", month.sets.len(), took.as_secs_f64() * 1000.0);
}

/// Decodes and splits, and does nothing with the cells.
fn floor(bytes: &[u8]) {
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        black_box(record.len());
    }
}

/// The median of five runs.
fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        })
        .collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millions(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / 1e6
}

/// Months of 200 users at four service offices, until they are that many bytes.
fn heap(bytes: usize) -> Batch {
    let mut files = Vec::new();
    let mut total = 0;
    for number in 0_u32.. {
        for file in month(number) {
            total += file.bytes.len();
            files.push(file);
        }
        if total >= bytes {
            break;
        }
    }
    sort(files)
}

/// One office's month: plans, planned use and details to one service office, and the results back.
fn month(number: u32) -> Vec<InFile> {
    let to = ["9870000024_11", "9870000032_15", "9870000040_17", "9870000057_13"]
        .get(usize::try_from(number % 4).unwrap_or(0))
        .copied()
        .unwrap_or_default();
    let serial = 20_261_101_000_000_u64 + u64::from(number);
    let ends = format!("9870000016_43_{to}_{serial}.CSV");
    let back = format!("{to}_9870000016_43_{serial}.CSV");
    let names: [(Kind, String); 8] = [
        (Kind::Sheet1, format!("UP1KYO_{ends}")),
        (Kind::Sheet2, format!("UP2KYO_{ends}")),
        (Kind::Sheet3, format!("UP3KYO_{ends}")),
        (Kind::Supplement, format!("UPHOSOKU_000000_{ends}")),
        (Kind::Supplement, format!("UPHOSOKU_202611_{ends}")),
        (Kind::Planned, format!("UPPLAN_202611_{ends}")),
        (Kind::Detail, format!("UPSIKYU_202611_{ends}")),
        (Kind::Result, format!("UPJSK_202611_{back}")),
    ];
    let office = to.split('_').next().unwrap_or_default();
    let kind = to.split('_').nth(1).unwrap_or_default();
    names
        .into_iter()
        .map(|(kind_of_file, name)| {
            let mut writer = Writer::new(kind_of_file);
            for person in 0..200_u32 {
                let insured = format!("99{:08}", number % 1000 * 200 + person);
                person_rows(kind_of_file, &insured, name.contains("000000_9"), (office, kind), &mut writer);
            }
            InFile { name, bytes: writer.finish().bytes }
        })
        .collect()
}

fn person_rows(file: Kind, insured: &str, is_plan: bool, (office, kind): (&str, &str), writer: &mut Writer) {
    let key = ["202407", "981019", insured];
    // People differ: what a check learns from one row helps with the next of the same person only.
    let number = insured.bytes().fold(0_u32, |sum, b| (sum * 10 + u32::from(b - b'0')) % 100_000);
    let (name, address) = (format!("久城 トメ{number}"), format!("島根県架空市一丁目{number}番地"));
    let intention =
        format!("住み慣れた家で、できることを続けながら暮らしたい。家族は、転ばないか心配している（{number}）。");
    let need = |text: &str| format!("{text}（{number}）");
    let (from, until) =
        (format!("{:02}{:02}", 7 + number % 11, number % 60), format!("{:02}{:02}", 8 + number % 11, number % 60));
    let mut push = |cells: &[&str]| writer.push(&[&key[..], cells].concat());
    match file {
        Kind::Supplement => {
            let (date, month) = if is_plan { ("20261025", "000000") } else { ("00000000", "202611") };
            let mut cells = vec![
                date,
                "クシロ トメ",
                &name,
                "2",
                "19400302",
                "690-0000",
                &address,
                "",
                "0852000000",
                "20260901",
                "20260901",
                "20270831",
                "2",
                "",
                "23",
                "27048",
            ];
            cells.resize(59, "");
            cells.push(month);
            push(&cells);
        }
        Kind::Sheet1 => push(&[
            "20261025",
            "690-0000",
            &address,
            "",
            "出雲 太郎",
            "居宅介護支援事業所 みなと",
            "690-0001",
            "島根県架空市二丁目",
            "",
            "9870000016",
            "20261025",
            "20250401",
            "21",
            "2",
            "20260901",
            "20260901",
            "20270831",
            "23",
            &intention,
            "特になし",
            "通いと訪問を組み合わせ、足の力を保ち、家での生活が続けられるように支援します。",
            "",
            "",
            "9870000016",
            "",
        ]),
        Kind::Sheet2 => {
            for (no, text) in
                ["足の力を保ち、転ばずに歩きたい", "清潔に過ごしたい", "人と話す時間をもちたい"].iter().enumerate()
            {
                let no = (no + 1).to_string();
                push(&[
                    "20261025",
                    "20261025",
                    &no,
                    &need(text),
                    "1",
                    "家の中を安全に歩くことができる",
                    "手すりを使って移動できる",
                    "2026/11～2027/10",
                    "2026/11～2027/4",
                    "1",
                    "下肢の運動、入浴の見守りと介助",
                    "Y",
                    "訪問介護",
                    office,
                    "事業所の名前",
                    "週2回",
                    "2026/11～2027/4",
                    "9870000016",
                    "",
                ]);
            }
        }
        Kind::Sheet3 => {
            for day in ["1", "3", "5"] {
                push(&["20261025", "20261025", "訪問介護", day, &from, &until, "", "", "", ""]);
            }
            push(&["20261025", "20261025", "", "", "", "", "起床", "0600", "0600", ""]);
        }
        Kind::Planned | Kind::Result => {
            let tais = if kind == "17" { "00001-000010" } else { "" };
            let service = format!("{kind}1111");
            for day in 1..=22 {
                let date = format!("202611{day:02}");
                push(&[
                    "20261025",
                    "202611",
                    "9870000016",
                    "出雲 太郎",
                    "244",
                    "0",
                    &date,
                    "",
                    &from,
                    &until,
                    "1",
                    &service,
                    tais,
                    "",
                    "",
                    "",
                    office,
                    "事業所の名前",
                    "",
                    "0",
                    "9870000016",
                    "",
                ]);
            }
        }
        Kind::Detail => {
            let service = format!("{kind}1111");
            let tais = if kind == "17" { "00001-000010" } else { "" };
            push(&[
                "20261025",
                "202611",
                "事業所の名前",
                office,
                "",
                &service,
                tais,
                "",
                "",
                "244",
                "100",
                "244",
                "22",
                "5368",
                "5368",
                "0",
                "5368",
                "0",
                "5368",
                "10.00",
                "53680",
                "90",
                "48312",
                "",
                "5368",
                "0",
                "0",
                "0",
                "0",
                "0",
                "",
                "",
                "9870000016",
                "",
            ]);
            push(&[
                "20261025",
                "202611",
                "",
                "9999999999",
                "",
                "999999",
                "",
                "",
                "",
                "0",
                "",
                "",
                "22",
                "5368",
                "5368",
                "0",
                "5368",
                "0",
                "5368",
                "",
                "53680",
                "",
                "48312",
                "",
                "5368",
                "0",
                "0",
                "0",
                "0",
                "0",
                "9999999999",
                "",
                "9870000016",
                "",
            ]);
        }
        _ => {}
    }
}

/// The most memory this process had, as the system tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("not told").trim().to_owned()
}
