using System.Text;
using static Watchdesk.Tests.Mail.MimeCase;

namespace Watchdesk.Tests.Mail;

/// <summary>Oddities of headers: RFC 5322 folding, RFC 2047 encoded words, dates and ids.</summary>
static class MimeHeaderCases
{
    /// <summary>Charsets with a text that they can all say something in.</summary>
    public static readonly (string Charset, string Text)[] Charsets =
    [
        ("utf-8", "Größe Ωмега 日本 🔥"), ("us-ascii", "plain"), ("iso-8859-1", "Größe déjà"), ("iso-8859-2", "Żółć"), ("iso-8859-5", "Резерв"), ("iso-8859-7", "Αντίγραφο"),
        ("iso-8859-9", "Yedeğin"), ("iso-8859-15", "5 € œuf"), ("windows-1250", "Příliš"), ("windows-1251", "Отчёт"), ("windows-1252", "“5 €”"), ("windows-1253", "Έλεγχος"),
        ("windows-1254", "Şifre"), ("koi8-r", "Резервная копия"), ("koi8-u", "Звіт"), ("iso-2022-jp", "バックアップ"), ("shift_jis", "バックアップ"), ("euc-jp", "バックアップ"),
        ("gb2312", "备份"), ("gbk", "備份"), ("gb18030", "备份完成"), ("big5", "備份"), ("euc-kr", "백업"), ("windows-1255", "גיבוי"), ("windows-1256", "نسخة"), ("windows-874", "สำรอง"),
    ];

    public static IEnumerable<MimeCase> All() => [.. Words(), .. OddWords(), .. Folding(), .. Starts(), .. Dates(), .. Ids(), .. Senders()];

    static IEnumerable<MimeCase> Words() => Charsets.SelectMany(set => new MimeCase[]
    {
        new($"subject {set.Charset} B", WithSubject($"=?{set.Charset}?B?{Convert.ToBase64String(Charset(set.Charset).GetBytes(set.Text))}?="), set.Text),
        new($"subject {set.Charset} Q", WithSubject($"=?{set.Charset.ToUpperInvariant()}?q?{Quoted(Charset(set.Charset).GetBytes(set.Text))}?="), set.Text),
    });

    static IEnumerable<MimeCase> OddWords()
    {
        var ö = Encoding.UTF8.GetBytes("ö");
        yield return new("two words join without their space", WithSubject("=?utf-8?Q?Back?= =?utf-8?Q?up?="), "Backup");
        yield return new("two words on two lines join", WithSubject("=?utf-8?Q?Back?=\r\n =?utf-8?Q?up?="), "Backup");
        yield return new("a word and plain text keep their space", WithSubject("=?utf-8?Q?Back?= up"), "Back up");
        yield return new("an underscore is a space", WithSubject("=?utf-8?Q?Back_up?="), "Back up");
        yield return new("=5F is an underscore", WithSubject("=?utf-8?Q?a=5Fb?="), "a_b");
        yield return new("lower-case hex", WithSubject("=?utf-8?Q?=c3=b6?="), "ö");
        yield return new("a character split over two words", WithSubject($"=?utf-8?B?{Convert.ToBase64String(ö[..1])}?= =?utf-8?B?{Convert.ToBase64String(ö[1..])}?="), "ö");
        yield return new("a language", WithSubject("=?utf-8*de?Q?Gr=C3=B6=C3=9Fe?="), "Größe");
        yield return new("words of two charsets", WithSubject("=?utf-8?Q?=C3=B6?= =?iso-8859-1?Q?=F6?="), "öö");
        yield return new("raw utf-8", [.. Raw($"{Top}Subject: "), .. Encoding.UTF8.GetBytes("Größe 🔥"), .. "\r\n\r\nx"u8], "Größe 🔥");
        yield return new("raw latin-1", WithSubject("Gr\u00f6\u00dfe"), "Größe");
        yield return new("a word within words", WithSubject("a=?utf-8?Q?=C3=B6?=b"));
        yield return new("a word without its end stays", WithSubject("=?utf-8?Q?abc"), "=?utf-8?Q?abc");
        yield return new("an empty word", WithSubject("a =?utf-8?Q??= b"));
        yield return new("an unknown charset loses no ASCII", WithSubject("=?x-unheard-of?Q?abc?="), "abc");
        yield return new("tags within a word", WithSubject("=?utf-8?Q?=3Acritical=3A_Disk?="), ":critical: Disk");
        yield return new("control characters become spaces", WithSubject("=?utf-8?Q?a=00b=0D=0Ac?="), "a bc");
        yield return new("a very long subject in many words", WithSubject(string.Join("\r\n ", Enumerable.Repeat("=?utf-8?Q?0123456789?=", 40))), string.Concat(Enumerable.Repeat("0123456789", 40)));
    }

    static IEnumerable<MimeCase> Folding()
    {
        yield return new("folded with a space", WithSubject("one\r\n two"), "one two");
        yield return new("folded with a tab", WithSubject("one\r\n\ttwo"), "one\ttwo".Replace('\t', ' '));
        yield return new("folded at once", WithSubject("\r\n one"), "one");
        yield return new("folded three times", WithSubject("a\r\n b\r\n c\r\n d"), "a b c d");
        yield return new("line ends of Unix", Raw("From: a@b.c\nSubject: one\n two\n\nline 1\nline 2\n"), "one two", "line 1\nline 2");
        yield return new("line ends of both kinds", Raw("From: a@b.c\r\nSubject: one\n\r\nline 1\nline 2\r\n"), "one", "line 1\nline 2");
        yield return new("no space behind the colon", Raw("From:a@b.c\r\nSubject:one\r\n\r\nx"), "one", "x", From: "a@b.c");
        yield return new("much space behind the colon", Raw("From: a@b.c\r\nSubject:      one   \r\n\r\nx"), "one");
        yield return new("names in other case", Raw("FROM: a@b.c\r\nsUBJECT: one\r\n\r\nx"), "one", From: "a@b.c");
        yield return new("no subject", Raw("From: a@b.c\r\n\r\nx"), "", "x");
        yield return new("an empty subject", WithSubject(""), "");
        yield return new("headers only", Raw("From: a@b.c\r\nSubject: one\r\n"), "one", "");
        yield return new("headers only, and no line end", Raw("From: a@b.c\r\nSubject: one"), "one", "");
        yield return new("a long line", WithSubject(new string('x', 900)), new string('x', 900));
        yield return new("two hundred other headers", Raw($"{Top}{string.Concat(Enumerable.Range(0, 200).Select(n => $"X-H{n}: v\r\n"))}Subject: one\r\n\r\nx"), "one", "x");
    }

    static IEnumerable<MimeCase> Starts()
    {
        yield return new("the line of a mailbox file", Raw("From cron@db1 Fri Nov 20 08:00:00 2026\nFrom: a@b.c\nSubject: one\n\nx\n"), "one", "x", From: "a@b.c");
        yield return new("the line of a mailbox file, quoted", Raw(">From cron@db1 Fri Nov 20 08:00:00 2026\nFrom: a@b.c\nSubject: one\n\nx\n"), "one", "x");
        yield return new("a byte order mark", [0xef, 0xbb, 0xbf, .. Raw("Subject: one\r\n\r\nx")], "one", "x");
        yield return new("empty lines before", Raw("\r\n\r\nSubject: one\r\n\r\nx"), "one", "x");
        yield return new("as cron writes it", Raw("From: \"(Cron Daemon)\" <root>\nTo: root\nSubject: Cron <root@db1> /usr/bin/backup\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nX-Cron-Env: <SHELL=/bin/sh>\nAuto-Submitted: auto-generated\n\nok\n"), "Cron <root@db1> /usr/bin/backup", "ok", From: "root");
        yield return new("from a shell", Raw("Subject: Backup of db1 done :info:\n\ndone\n"), "Backup of db1 done :info:", "done", From: "");
    }

    static IEnumerable<MimeCase> Dates() => new (string Text, string? At)[]
    {
        ("Fri, 20 Nov 2026 08:00:00 +0000", "2026-11-20T08:00:00"), ("Fri, 20 Nov 2026 09:00:00 +0100", "2026-11-20T08:00:00"), ("20 Nov 2026 08:00:00 GMT", "2026-11-20T08:00:00"),
        ("Fri, 20 Nov 2026 08:00 +0000", "2026-11-20T08:00:00"), ("Fri,20 Nov 2026 08:00:00 +0000 (UTC)", "2026-11-20T08:00:00"), ("20 Nov 26 08:00:00 +0000", "2026-11-20T08:00:00"),
        ("Fri, 20 Nov 2026 03:00:00 EST", "2026-11-20T08:00:00"), ("Fri, 20 Nov 2026 00:00:00 -0800", "2026-11-20T08:00:00"), ("nonsense", null), ("", null), ("Fri, 99 Nov 2026 08:00:00 +0000", null),
    }.Select(date => new MimeCase($"date {date.Text}", Raw($"{Top}Subject: s\r\nDate: {date.Text}\r\n\r\nx"), "s", "x", SentAt: date.At ?? ""));

    static IEnumerable<MimeCase> Ids() => new (string Text, string? Id)[]
    {
        ("<a.b@c.d>", "a.b@c.d"), ("<a@b> (comment)", "a@b"), ("\r\n <a@b>", "a@b"), ("<no-at-sign>", "no-at-sign"), ("a@b", "a@b"), ("<\"quoted part\"@b>", null),
    }.Select(id => new MimeCase($"message id {id.Text}", Raw($"{Top}Subject: s\r\nMessage-ID: {id.Text}\r\n\r\nx"), "s", "x", MessageId: id.Id));

    static IEnumerable<MimeCase> Senders() => new (string Text, string From)[]
    {
        ("Cron@DB1.Example.ORG", "cron@db1.example.org"), ("Cron <cron@db1.example.org>", "cron@db1.example.org"), ("\"Daemon, Cron\" <cron@db1.example.org>", "cron@db1.example.org"),
        ("=?utf-8?Q?Gr=C3=B6=C3=9Fe?= <a@b.c>", "a@b.c"), ("a@b.c (Cron)", "a@b.c"), ("a@b.c, d@e.f", "a@b.c"), ("Group: a@b.c, d@e.f;", "a@b.c"), ("root", "root"), ("<root>", "root"),
        ("a@[10.0.0.5]", "a@[10.0.0.5]"),
    }.Select(from => new MimeCase($"from {from.Text}", Raw($"From: {from.Text}\r\nSubject: s\r\n\r\nx"), "s", "x", From: from.From));
}
