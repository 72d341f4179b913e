using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Watchdesk.Tests.Support.TraceableFramework", "Functions.Tests")]

namespace Watchdesk.Tests.Support;

/// <summary>
/// xunit, with every result also written to the file that WATCHDESK_TEST_RESULTS names, since result files of the
/// runner carry no traits: <c>test|name|result</c>, <c>demand|id|name|result</c>, <c>note|name|output</c>, <c>failure|name|message</c>.
/// </summary>
public sealed class TraceableFramework(IMessageSink sink) : XunitTestFramework(sink)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    sealed class Executor(AssemblyName name, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(name, source, diagnostics)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var results = new ResultFile(executionMessageSink, Environment.GetEnvironmentVariable("WATCHDESK_TEST_RESULTS"));
            using var runner = new XunitTestAssemblyRunner(TestAssembly, testCases, DiagnosticMessageSink, results, executionOptions);
            await runner.RunAsync();
        }
    }

    sealed class ResultFile(IMessageSink inner, string? path) : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        readonly StreamWriter? _file = string.IsNullOrEmpty(path) ? null : new StreamWriter(path, append: true) { AutoFlush = true };
        readonly Lock _gate = new();

        public bool OnMessage(IMessageSinkMessage message)
        {
            var outcome = message switch
            {
                ITestPassed => "passed",
                ITestFailed => "failed",
                ITestSkipped => "skipped",
                _ => null,
            };
            if (_file is not null && outcome is not null)
            {
                Write((ITestResultMessage)message, outcome);
            }

            return inner.OnMessage(message);
        }

        public void Dispose() => _file?.Dispose();

        void Write(ITestResultMessage result, string outcome)
        {
            var method = result.TestMethod;
            var name = $"{method.TestClass.Class.Name.Replace("Watchdesk.Tests.", "", StringComparison.Ordinal)}.{method.Method.Name}";
            lock (_gate)
            {
                _file!.WriteLine($"test|{name}|{outcome}");
                foreach (var demand in result.TestCase.Traits.GetValueOrDefault("Demand", []))
                {
                    _file.WriteLine($"demand|{demand}|{name}|{outcome}");
                }

                if (result is ITestFailed failed)
                {
                    var message = string.Join(" / ", failed.Messages.Append(failed.StackTraces.FirstOrDefault()));
                    _file.WriteLine($"failure|{result.Test.DisplayName.Replace('|', '/')}|{message.ReplaceLineEndings(" ").Replace('|', '/')}");
                }

                foreach (var line in (result.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    _file.WriteLine($"note|{name}|{line.Replace('|', '/')}");
                }
            }
        }
    }
}
