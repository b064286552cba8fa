using Thoth.Conformance;

namespace Thoth.Enforcer.Tests.Conformance;

/// <summary>The conformance program's command line, table and exit codes.</summary>
public class ConformanceProgramTests
{
    private const string Key = "a_key_that_is_not_printed";

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Test]
    public async Task Run_Help_PrintsTheOptions()
    {
        Assert.That(await RunAsync("--help"), Is.Zero);
        Assert.That($"{_output}", Does.Contain("--url").And.Contain("--step-up-tool").And.Contain("--filter"));
    }

    [TestCase("--url is missing.")]
    [TestCase("Unknown option '--uri'.", "--uri", "http://127.0.0.1")]
    [TestCase("Unknown option '--key'.", "--key=" + Key)]
    [TestCase("An argument is not an option.", Key)]
    [TestCase("--url needs a value.", "--url")]
    [TestCase("--url is given twice.", "--url", "http://a", "--url", "http://b")]
    [TestCase("--url must be an http or https address without a query.", "--url", "127.0.0.1:5080")]
    [TestCase("--approver must be a whole number of seconds from 1 to 3600.", "--url", "http://a", "--approver", "0")]
    [TestCase("--key does not go with --vectors.", "--vectors", "--key", Key)]
    public async Task Run_WrongArguments_SaysWhichAndRunsNothing(string message, params string[] args)
    {
        Assert.That(await RunAsync(args), Is.EqualTo(2));
        Assert.That($"{_error}", Does.StartWith(message).And.Contain("--help").And.Not.Contain(Key));
    }

    [Test]
    public async Task Run_ServerThatIsNotThere_SaysSo()
    {
        // Bound and not listening: connections are refused.
        using var port = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = $"http://127.0.0.1:{((IPEndPoint)port.LocalEndPoint!).Port}/";

        Assert.That(await RunAsync("--url", url), Is.EqualTo(2));
        Assert.That($"{_error}".TrimEnd(), Is.EqualTo($"The server at {url} cannot be reached (ConnectionError). Start it, or correct --url."));
    }

    [Test]
    public async Task Run_FilterWithoutACase_SaysSo()
    {
        Assert.That(await RunAsync("--vectors", "--filter", "telepathy"), Is.EqualTo(2));
        Assert.That($"{_error}", Does.Contain("--filter"));
    }

    [Test]
    public async Task Run_CasesThatPass_ExitsWithZero()
    {
        await using var server = await ScriptedThothServer.StartAsync();
        var target = server.Target;

        Assert.That(await RunAsync("--url", $"{target.Url}", "--key", target.Key!, "--filter", "1.2.4", "--defer-tool", "none"), Is.Zero);
        Assert.That($"{_output}".ReplaceLineEndings("\n"), Is.EqualTo(
            """
            result section  case             title
            pass   1.2.4    verdict-allow    Every SDK reads ALLOW
            pass   1.2.4    verdict-block    Every SDK reads BLOCK
            pass   1.2.4    verdict-step-up  Every SDK reads STEP_UP
            pass   1.2.4    verdict-modify   Every SDK reads MODIFY
            skip   1.2.4    verdict-defer    Every SDK reads DEFER
                   --defer-tool is not given
            4 of 5 passed, 0 failed, 1 skipped

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task Run_CaseThatFails_ExitsWithOneAndSaysWhy()
    {
        await using var server = await ScriptedThothServer.StartAsync();

        Assert.That(await RunAsync("--url", $"{server.Target.Url}", "--key", Key, "--filter", "verdict-allow"), Is.EqualTo(1));
        Assert.That($"{_output}", Does.Contain("FAIL").And.Contain("status: expected 2xx, was 401").And.Contain("0 of 1 passed, 1 failed, 0 skipped"));
        Assert.That($"{_output}", Does.Not.Contain(Key));
    }

    [Test]
    public async Task Run_OnlySkippedCases_ExitsWithOne()
    {
        await using var server = await ScriptedThothServer.StartAsync();

        Assert.That(await RunAsync("--url", $"{server.Target.Url}", "--filter", "hold-approved"), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_Vectors_PrintsTheSameTable()
    {
        Assert.That(await RunAsync("--vectors", "--filter", "modify"), Is.Zero);
        Assert.That($"{_output}", Does.Contain("pass   modify   modify-arg0-scalar").And.Contain(", 0 failed, 0 skipped"));
    }

    private Task<int> RunAsync(params string[] args) => ConformanceProgram.RunAsync(args, _output, _error);
}
