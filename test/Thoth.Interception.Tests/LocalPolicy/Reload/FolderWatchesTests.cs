using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Reload;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Reload;

public sealed class FolderWatchesTests
{
    private const int Many = 200;
    private const int ComparedOnly = 11;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new();
    private readonly LocalPolicyOptions _options = new();
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<PolicyEngine> _logger = new();
    private int _created;

    [TearDown]
    public void TearDown()
    {
        _folder.Dispose();
        _logger.Dispose();
    }

    [Test]
    public async Task Providers_OnOnePolicyFile_ShareOneWatcher_AndAllSeeAChange()
    {
        var path = _folder.Write("policy.json", Policy("allow"));
        var providers = Enumerable.Range(0, Many).Select(_ => Provider(path)).ToList();
        var enforcers = providers.ConvertAll(provider => provider.GetRequiredService<IEnforcer>());
        Assert.That(FolderWatches.OfProcess.SubscriptionsOf(_folder.Path), Is.EqualTo(Many));

        await File.WriteAllTextAsync(path, Policy("block"));
        Settle();

        foreach (var enforcer in enforcers)
        {
            var decision = await enforcer.EvaluateAsync(PolicyCalls.Call(), default);
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
        }

        foreach (var provider in providers)
        {
            Assert.That(FolderWatches.OfProcess.SubscriptionsOf(_folder.Path), Is.GreaterThan(0), "the last provider ends the watch");
            await provider.DisposeAsync();
        }

        Assert.That(FolderWatches.OfProcess.SubscriptionsOf(_folder.Path), Is.Zero);
    }

    [Test]
    public void Stores_MadeAndDisposedAtOnce_ShareOneWatcher()
    {
        var watches = new FolderWatches(Create);
        var path = _folder.Write("policy.json", Policy("allow"));
        using var first = Store(path, watches);

        Parallel.For(0, Many, _ => Store(path, watches).Dispose());

        Assert.That((_created, watches.SubscriptionsOf(_folder.Path)), Is.EqualTo((1, 1)));
        Assert.That(_logger.Count(ComparedOnly), Is.Zero);
    }

    [Test]
    public void Watcher_AfterTheLastStore_IsMadeAnewForTheNext()
    {
        var watches = new FolderWatches(Create);
        var path = _folder.Write("policy.json", Policy("allow"));

        Store(path, watches).Dispose();
        Store(path, watches).Dispose();

        Assert.That((_created, watches.SubscriptionsOf(_folder.Path)), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Stores_WithoutAWatcher_SaySo_AndSeeAChangeByComparing()
    {
        var watches = new FolderWatches(Refuse);
        var path = _folder.Write("policy.json", Policy("allow"));
        var stores = Enumerable.Range(0, Many).Select(_ => Store(path, watches)).ToList();

        Assert.That(_created, Is.EqualTo(1), "one attempt for all");
        Assert.That(_logger.Entries.Count(entry => entry.Id == ComparedOnly), Is.EqualTo(Many), "each store has a log of its own");
        Assert.That(_logger.Entries.First(entry => entry.Id == ComparedOnly) is { Level: LogLevel.Information } entry && entry.Message.Contains(path), Is.True);
        File.WriteAllText(path, Policy("block", "2"));
        Settle();

        Assert.That(stores.Select(store => store.Current.Version), Is.All.EqualTo("2"));
        Assert.That(_created, Is.EqualTo(2), "one more attempt for all, when the change had come without a hint");
        stores.ForEach(store => store.Dispose());
        Assert.That(watches.SubscriptionsOf(_folder.Path), Is.Zero);
    }

    [Test]
    public async Task Watcher_ThatCanBeHadLater_GivesHintsThen()
    {
        var isExhausted = true;
        var watches = new FolderWatches(folder => isExhausted ? Refuse(folder) : Create(folder));
        var path = _folder.Write("policy.json", Policy("allow"));
        using var signal = new SemaphoreSlim(0);
        using var watch = watches.Subscribe(path, () => signal.Release());
        Assert.That(watch.Error, Is.TypeOf<IOException>());

        isExhausted = false;
        watch.Renew();
        await File.WriteAllTextAsync(path, Policy("block"));

        Assert.That(watch.Error, Is.Null);
        Assert.That(await signal.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
    }

    private static string Policy(string decision, string version = "1") =>
        $$"""{ "version": "{{version}}", "rules": [{ "id": "r", "tools": "*", "decision": "{{decision}}" }] }""";

    private ServiceProvider Provider(string path)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddThoth(options => (options.TenantId, options.AgentId) = ("t", "a")).UseLocalPolicy(path);
        return services.BuildServiceProvider();
    }

    private PolicyStore Store(string path, FolderWatches watches) =>
        new(new PolicyFile(path, watches: watches), _options, _time, _logger);

    private FileSystemWatcher Create(string folder)
    {
        Interlocked.Increment(ref _created);
        return new(folder);
    }

    private FileSystemWatcher Refuse(string folder)
    {
        Interlocked.Increment(ref _created);
        throw new IOException("The configured user limit (128) on the number of inotify instances has been reached.");
    }

    /// <summary>Lets a comparison find the change, and the delay pass in which it must stay the same.</summary>
    private void Settle()
    {
        _time.Advance(s_interval);
        _time.Advance(_options.ReloadDelay);
        _time.Advance(s_interval);
    }
}
