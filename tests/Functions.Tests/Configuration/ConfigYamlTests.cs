using System.Text;
using System.Text.Json;
using Watchdesk.Configuration;
using Watchdesk.Hosting;
using Watchdesk.Tests.Fuzz;

namespace Watchdesk.Tests.Configuration;

public sealed class ConfigYamlTests
{
    [Theory]
    [InlineData("a: 1",                              """{"a":1}""")]
    [InlineData("a: -007",                           """{"a":-7}""")]
    [InlineData("a: 1.5",                            """{"a":1.5}""")]
    [InlineData("a: 1.",                             """{"a":"1."}""")]
    [InlineData("a: .nan",                           """{"a":".nan"}""")]
    [InlineData("a: 1e999",                          """{"a":"1e999"}""")]
    [InlineData("a: 99999999999999999999",           """{"a":1E+20}""")]
    [InlineData("a: 04:00:00",                       """{"a":"04:00:00"}""")]      // not a number of base 60
    [InlineData("a: 2026-11-20",                     """{"a":"2026-11-20"}""")]
    [InlineData("a: no",                             """{"a":"no"}""")]            // not false
    [InlineData("a: on",                             """{"a":"on"}""")]
    [InlineData("a: true",                           """{"a":true}""")]
    [InlineData("a: \"true\"",                       """{"a":"true"}""")]
    [InlineData("a: !!str 12",                       """{"a":"12"}""")]
    [InlineData("a: '12'",                           """{"a":"12"}""")]
    [InlineData("a:",                                """{"a":null}""")]
    [InlineData("a: ~",                              """{"a":null}""")]
    [InlineData("a: [1, b, {c: d}]",                 """{"a":[1,"b",{"c":"d"}]}""")]
    [InlineData("a: |\n  x\n  y\n",                  """{"a":"x\ny\n"}""")]
    [InlineData("a: >-\n  x\n  y\n",                 """{"a":"x y"}""")]
    [InlineData("a: '*/5 * * * *' # often",          """{"a":"*/5 * * * *"}""")]
    [InlineData("---\na: b\n...\n",                  """{"a":"b"}""")]
    [InlineData("{\"a\": \"\\u00e9\"}",              """{"a":"\u00E9"}""")]
    [InlineData("12: x",                             """{"12":"x"}""")]
    [InlineData("- 1\n- 2",                          "[1,2]")]
    public void It_is_read_by_the_core_schema(string yaml, string json) => ConfigYaml.Read(yaml).Root.GetRawText().ShouldBe(json);

    [Theory]
    [InlineData("",                                  "The document is empty.")]
    [InlineData("# nothing",                         "The document is empty.")]
    [InlineData("a: b\n---\nc: d",                   "Line 2, column 1: one document is enough.")]
    [InlineData("a: 1\nb: 2\na: 3",                  "Line 3, column 1: \"a\" is given twice.")]
    [InlineData("a: &x 1\nb: *x",                    "Line 1, column 4: anchors and aliases (& and *) are not taken; write it out.")]
    [InlineData("a: *x",                             "Line 1, column 4: anchors and aliases (& and *) are not taken; write it out.")]
    [InlineData("&x a: 1",                           "Line 1, column 1: anchors and aliases (& and *) are not taken; write it out.")]
    [InlineData("? [a]\n: b",                        "Line 1, column 3: a key is a plain text.")]
    [InlineData("a: !!binary aGk=",                  "Line 1, column 4: tags (!) are not taken, but !!str.")]
    [InlineData("a: \"\\ud800\"",                    "Line 1, column 4: While scanning a quoted scalar, found invalid Unicode surrogates.")]
    public void What_is_not_taken_is_said_with_its_line(string yaml, string reason) =>
        Should.Throw<InvalidRequestException>(() => ConfigYaml.Read(yaml)).Message.ShouldBe(reason);

    [Theory]
    [InlineData("a: [1, 2")]
    [InlineData("a: b: c")]
    [InlineData("a: 'b")]
    [InlineData("%YAML 9.9\n---\na: b")]
    [InlineData("a: @b")]
    public void What_is_no_YAML_is_refused_with_its_line(string yaml) =>
        Should.Throw<InvalidRequestException>(() => ConfigYaml.Read(yaml)).Message.ShouldMatch(@"^Line \d+, column \d+: .+");

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Depth_is_bounded(string opening)
    {
        var deep = string.Concat(Enumerable.Repeat(opening, ConfigDocument.MaxBytes / opening.Length));

        Should.Throw<InvalidRequestException>(() => ConfigYaml.Read(deep));
    }

    [Fact]
    public void Every_value_knows_its_line()
    {
        var (_, lines) = ConfigYaml.Read("jobs:\n- name: a\n  schedule:\n    period: x\n- name: b\n");

        lines["jobs"].ShouldBe(2);
        lines["jobs[0].schedule.period"].ShouldBe(4);
        lines["jobs[1]"].ShouldBe(5);
    }

    [Theory]
    [InlineData("""{"a":"true","b":"12","c":"","d":"~","e":" x ","f":"a: b","g":"- x","h":"*/5 * * * *","i":"x\ny\u0001\u2028","j":"#","k":"0x1F","l":"é\uD83D\uDD25"}""")]
    [InlineData("""{"jobs":[],"x":{},"y":[[1,2.5],{"z":null}],"t":true,"true":"1e5","":"k"}""")]
    public void What_is_written_is_read_back(string json)
    {
        var root = JsonElement.Parse(json);

        var (read, _) = ConfigYaml.Read(ConfigYamlWriter.Write(root));

        JsonElement.DeepEquals(read, root).ShouldBeTrue(ConfigYamlWriter.Write(root));
    }

    [Fact]
    public void Mutated_documents_are_read_or_refused_and_what_is_read_is_written_and_read_back()
    {
        var samples = new[]
        {
            "jobs:\n- slug: backup\n  name: \"Nightly: backup\"\n  schedule: {cron: '0 2 * * *', timeZone: Europe/Berlin}\n  tags: [a, b]\nprune: false\n",
            "channels:\n  - name: ops\n    kind: webhook\n    settings:\n      url: >-\n        https://example.org\n    digest: {at: 09:00}\n# end\n",
            "a: |\n  x\n   y\nb: !!str 1\n? c\n: d\n",
        };
        for (var seed = 0; seed < 3000; seed++)
        {
            var text = Encoding.UTF8.GetString(new Mutator(seed).Mutate(samples));
            try
            {
                var (root, _) = ConfigYaml.Read(text);
                var (again, _) = ConfigYaml.Read(ConfigYamlWriter.Write(root));
                JsonElement.DeepEquals(again, root).ShouldBeTrue($"seed {seed}: {root}");
            }
            catch (InvalidRequestException refused)
            {
                refused.Message.ShouldNotBeNullOrEmpty();
            }
        }
    }
}
