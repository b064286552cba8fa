using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Sqlite.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>A governed tool whose events go by a <see cref="MemoryOutbox"/> to a server on loopback.</summary>
/// <remarks>
/// The clock stands still. Tests do not advance it while events are sent: the attempts to send have timeouts on the same clock, so a
/// loop that advances it ends all of them, and their retries then wait for a clock that stands still again. Tests that need time
/// to pass use the clock of the machine.
/// </remarks>
internal sealed class MemoryOutboxHost : IAsyncDisposable
{
    /// <summary>The event id of a failure of the outbox.</summary>
    private const int OutboxFailed = 34;

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _logger = new(LogLevel.Error);
    private readonly ServiceProvider _services;
    private Task? _disposal;

    public MemoryOutboxHost(ContractServer server, MemoryOutbox outbox, Action<EventOptions>? configure = null, TimeProvider? time = null)
    {
        Outbox = outbox;
        var services = new ServiceCollection();
        services.AddSingleton(time ?? _time);
        services.AddLogging(logging => logging.AddProvider(_logger));
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", server.Url, "key");
            configure?.Invoke(options.Events);
        }).UseEnforcer(new ScriptedEnforcer()).UseEventOutbox(_ => outbox);
        services.AddSingleton<IWorkTools>(Work).AddGovernedTools<IWorkTools>();
        _services = services.BuildServiceProvider();
        Pipeline = _services.GetRequiredService<IEventPipeline>();
        Tools = _services.GetRequiredService<IWorkTools>();
    }

    /// <summary>Gets the time after which a test gives up waiting.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    public MemoryOutbox Outbox { get; }

    public WorkTools Work { get; } = new();

    public IWorkTools Tools { get; }

    public IEventPipeline Pipeline { get; }

    /// <summary>Counts the logged failures of an operation.</summary>
    /// <param name="operation">The operation as a past participle.</param>
    public int Logged(string operation)
    {
        Assert.That(_logger.Text, Does.Not.Contain("secret"));
        return _logger.Entries.Count(entry => entry.Id == OutboxFailed && entry.Message.Contains($"be {operation}: "));
    }

    public Task CallAsync() => Tools.WorkAsync(1).WaitAsync(Limit);

    public Task FlushAsync() => Pipeline.FlushAsync().WaitAsync(Limit);

    /// <summary>Closes everything while the clock moves on, so that this ends after the drain timeout at the latest.</summary>
    public async Task DisposeInTimeAsync()
    {
        _disposal ??= _services.DisposeAsync().AsTask();
        await Eventually.TrueAsync(() => _disposal.IsCompleted, "the services are disposed", () => _time.Advance(TimeSpan.FromSeconds(1)));
        await _disposal;
    }

    /// <summary>Closes everything while the clock stands still. A test that failed ends nevertheless.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposal ??= _services.DisposeAsync().AsTask();
        try
        {
            await _disposal.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            await DisposeInTimeAsync();
            throw new AssertionException("Closing waits for the clock.");
        }
    }
}
