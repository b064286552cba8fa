using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.EndToEndTests.Support;

namespace Thoth.Interception.EndToEndTests.Documentation;

/// <summary>
/// The commands of README.md and docs, run from the root of a clone as they are written. Only two things are added: <c>--no-build</c>,
/// because the projects are built already, and a free port for 5080. Commands that serve are stopped after their first response.
/// </summary>
[Platform(Exclude = "Win", Reason = "The documentation's scripts are for a POSIX shell.")]
public class CommandTests
{
    private const string Enforcer = "dotnet run --project src/Thoth.Enforcer -- --policy samples/QuickStart/thoth.policy.json";
    private const string AgentPage = "dotnet run --project samples/AgentChat";
    private const string EnforcerOfWebSample = "dotnet run --project src/Thoth.Enforcer -- --policy samples/WebTools/thoth.policy.json";
    private const string WebSample = "dotnet run --project samples/WebTools -- --enforcer http://127.0.0.1:5080";
    private const string ServerKey = "conformance_key_of_this_test";

    /// <summary>The commands that are not run, with the reason.</summary>
    private static readonly Dictionary<string, string> s_notRun = new(StringComparer.Ordinal)
    {
        ["dotnet test Thoth.Interception.sln"] = "It is the gate that runs this test.",
        ["dotnet run --project src/Thoth.Enforcer -- --policy samples/AgentChat/thoth.policy.json"] = "AgentChatTests drives the pair in a browser.",
        ["dotnet run --project samples/AgentChat -- --enforcer http://127.0.0.1:5080"] = "AgentChatTests drives the pair in a browser.",
        ["THOTH_API_URL=http://127.0.0.1:5080 THOTH_API_KEY=local"] = "It sets variables for the reader's own application.",
    };

    /// <summary>The commands that end by themselves, with their exit code and a part of their output. Others must end with 0.</summary>
    private static readonly Dictionary<string, (int Code, string Output)> s_ending = new(StringComparer.Ordinal)
    {
        ["dotnet run --project samples/QuickStart"] = (0, "All 12 calls ended as the policy says."),
        ["dotnet run --project samples/AgentChat -- --demo"] = (0, "All 10 calls ended as the policy says."),
        ["dotnet run --project samples/ExistingApp -- --coverage"] = (0, "no way around was found"),
        ["dotnet run --project samples/ExistingApp -- --bypass"] = (1, "can be reached ungoverned"),
        ["dotnet run --project samples/ToolLoop"] = (0, "=== Anthropic: "),
        ["dotnet run --project samples/Evidence -- verify thoth-outbox.db"] = (0, "Intact"),
        ["dotnet run --project test/Thoth.Conformance -- --url http://127.0.0.1:5080 --key KEY"] = (0, " 0 failed"),
        ["dotnet run --project test/Thoth.Conformance -- --vectors"] = (0, " 0 failed"),
    };

    private readonly FreshClone _clone = new();
    private readonly int _port = FreePort();

    /// <summary>The steps with the web sample follow one another, and are a test of their own: <see cref="WebWalkThroughTests"/>.</summary>
    private static IEnumerable<TestCaseData> Commands => DocumentedCommand.All
        .Where(static command => !s_notRun.ContainsKey(command) && !command.Contains(WebWalkThroughTests.Address, StringComparison.Ordinal))
        .Select(static command => new TestCaseData(command).SetArgDisplayNames(command.Split('\n')[0]));

    private string Url => $"http://127.0.0.1:{_port}";

    [TearDown]
    public void DeleteClone() => _clone.Dispose();

    [Test]
    public void Lists_OfCommands_NameCommandsOfTheDocumentation() =>
        Assert.That(s_notRun.Keys.Concat(s_ending.Keys).Concat([Enforcer, AgentPage, EnforcerOfWebSample, WebSample]), Is.SubsetOf(DocumentedCommand.All));

    [TestCaseSource(nameof(Commands))]
    [CancelAfter(120_000)]
    public Task Command_AsWritten_Works(string command) => command switch
    {
        Enforcer or EnforcerOfWebSample => ServeAsync(command),
        AgentPage => ServePageAsync(),
        WebSample => RefundAsync(),
        _ when command.Contains('\n') => RunScriptAsync(command),
        _ when command.Contains("-- --enforcer ", StringComparison.Ordinal) => AskServerAsync(command),
        _ => RunAsync(command),
    };

    private async Task ServeAsync(string command)
    {
        await using var server = await StartServerAsync(command);
        using var client = new HttpClient();

        Assert.That(await client.GetStringAsync(new Uri($"{Url}/health")), Does.Contain("\"status\":\"ok\""));
    }

    private async Task ServePageAsync()
    {
        await using var page = ReaderProcess.Start(
            _clone.Folder, $"exec {Runnable(AgentPage)} -- --urls {Url}", ("THOTH_API_URL", ""), ("OPENAI_API_KEY", ""), ("OPENAI_BASE_URL", ""), ("ANTHROPIC_API_KEY", ""));
        Assert.That(await page.RestOfLineAsync("The agent is at "), Does.StartWith(Url));
        using var client = new HttpClient();

        Assert.That(await client.GetStringAsync(new Uri(Url)), Does.Contain("Good day, Mia."));
    }

    /// <summary>The client waits for an approval, so it is stopped when its call is held.</summary>
    private async Task AskServerAsync(string command)
    {
        await using var server = await StartServerAsync(Enforcer);
        await using var client = ReaderProcess.Start(_clone.Folder, Runnable(command), ("THOTH_API_URL", ""), ("THOTH_API_KEY", ""));

        Assert.That(() => CountHolds(), Is.EqualTo(1).After(60_000, 100));
    }

    /// <summary>The web sample has its call held by the server.</summary>
    private async Task RefundAsync()
    {
        await using var server = await StartServerAsync(EnforcerOfWebSample);
        var url = $"http://127.0.0.1:{FreePort()}";
        await using var sample = ReaderProcess.Start(
            _clone.Folder, $"exec {Runnable(WebSample)}", ("Kestrel__Endpoints__test__Url", url), ("THOTH_API_URL", ""), ("THOTH_API_KEY", ""));
        await sample.RestOfLineAsync($"Now listening on: {url}");
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await client.PostAsync(new Uri("/login?user=alice", UriKind.Relative), null);

        using var response = await client.PostAsync(new Uri("/orders/A-1/refund?amount=250", UriKind.Relative), null);

        Assert.That((response.StatusCode, CountHolds()), Is.EqualTo((HttpStatusCode.Accepted, 1)));
    }

    private async Task RunAsync(string command)
    {
        var isForAServer = command.Contains("--key KEY", StringComparison.Ordinal);
        await using var server = isForAServer
            ? await StartServerAsync(
                Enforcer.Replace("samples/QuickStart/thoth.policy.json", "test/Thoth.Conformance/conformance.policy.json --database conformance.db", StringComparison.Ordinal),
                ("THOTH_ENFORCER_KEYS", $"conformance={ServerKey}"))
            : null;
        if (command.Contains("thoth-outbox.db", StringComparison.Ordinal))
        {
            await WriteOutboxAsync();
        }

        await using var process = ReaderProcess.Start(
            _clone.Folder, Runnable(command).Replace("--key KEY", $"--key {ServerKey}", StringComparison.Ordinal), [("THOTH_API_URL", ""), ("THOTH_API_KEY", ""), ("OPENAI_API_KEY", ""), ("ANTHROPIC_API_KEY", "")]);
        var (code, output) = await process.EndAsync();

        (int Code, string Output) expected = s_ending.GetValueOrDefault(command, (0, ""));
        Assert.That(code, Is.EqualTo(expected.Code), output);
        Assert.That(output, Does.Contain(expected.Output));
    }

    /// <summary>Runs a script whose folder holds the reader's policy. It is not built again, and the reader's tests print where they would run.</summary>
    private async Task RunScriptAsync(string script)
    {
        File.Copy(_clone.PathOf("samples/QuickStart/thoth.policy.json"), _clone.PathOf("thoth.policy.json"), overwrite: true);
        const string ReadersTools =
            """
            set -e
            dotnet() {
              case "$1" in
                build) ;;
                test) echo "tests against $THOTH_API_URL" ;;
                *) exec dotnet "$@" ;;
              esac
            }

            """;
        await using var process = ReaderProcess.Start(_clone.Folder, ReadersTools + Runnable(script), Endpoint());

        var (code, output) = await process.EndAsync();

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("\"status\":\"ok\"").And.Contain($"tests against {Url}"));
    }

    private async Task<ReaderProcess> StartServerAsync(string command, params (string Name, string Value)[] environment)
    {
        var server = ReaderProcess.Start(_clone.Folder, $"exec {Runnable(command)}", [Endpoint(), .. environment]);
        Assert.That(await server.RestOfLineAsync("Thoth enforcer at "), Is.EqualTo(Url));
        return server;
    }

    private (string Name, string Value) Endpoint() => ("Kestrel__Endpoints__test__Url", Url);

    private string Runnable(string command) =>
        DocumentedCommand.WithoutBuild(command).Replace("127.0.0.1:5080", $"127.0.0.1:{_port}", StringComparison.Ordinal);

    private long CountHolds()
    {
        using var connection = new SqliteConnection($"Data Source={_clone.PathOf("thoth-enforcer.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM holds WHERE state = 'Pending'";
        return (long)command.ExecuteScalar()!;
    }

    private async Task WriteOutboxAsync()
    {
        await using var server = await ContractServer.StartAsync();
        var services = new ServiceCollection();
        services.AddThoth(options => (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", server.Url, "key"))
            .UseSqliteOutbox(_clone.PathOf("thoth-outbox.db"));
        services.AddGovernedTools<IOutageTools, OutageTools>(ServiceLifetime.Singleton);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IOutageTools>().WorkAsync(1);
        await provider.GetRequiredService<IEventPipeline>().FlushAsync();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
