namespace Watchdesk.Tests.Fuzz;

/// <summary>Good mails to make bad ones of.</summary>
static class MailSamples
{
    public static string[] Of(string uuid) =>
    [
        "From: cron@db1.example.org\r\nTo: mse@example.org\r\nSubject: =?utf-8?Q?Backup_=C3=B6?= :sched-perday-2/1: :org:a.b.c:\r\nMessage-ID: <1@db1>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nok :svr:db1.example.org\r\n",
        $"From: Cron <cron@db1>\nTo: {uuid}@desk\nSubject: :critical: Disk 98% full\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=F6=DFe failed\n",
        "From: a@b.c\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n--c\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+cmljaDwvcD4=\r\n--c--\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''Gr%C3%B6; filename*1=.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n",
        "Subject: fwd\r\nContent-Type: message/rfc822\r\n\r\nFrom: d@e.f\r\nSubject: :warn: inner\r\nContent-Type: text/html\r\n\r\n<table><tr><td>:info:<td>&#58;crit:</table><script>x</script>",
        """{"from":"a@b.c","to":"d@e.f","subject":":warn: x","text":"y","date":"2026-11-20T08:00:00Z","messageId":"<m@b>","headers":{"X-A":"b"}}""",
        """{"from":"a@b.c","subject":":sched-perhour-1:","html":"<p>a<br>b"}""",
    ];
}
