using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Engine;
using Thoth.Interception.LocalPolicy.Reload;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Reload;

public sealed class PolicyStoreTests
{
    private const string Allow = """{ "version": "1", "rules": [{ "id": "r", "tools": "*", "decision": "allow" }] }""";
    private const string Block = """{ "version": "2", "rules": [{ "id": "r", "tools": "*", "decision": "block" }] }""";

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<LocalPolicyEnforcer> _logger = new();
    private readonly LocalPolicyOptions _options = new();

    [Test]
    public void Reload_ValidPolicy_TakesEffectAfterTheDelay()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = Block;
        source.SignalChange();
        Assert.That(store.Current.Version, Is.EqualTo("1"), "not before the delay");
        _time.Advance(TimeSpan.FromMilliseconds(200));
        source.SignalChange();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(store.Current.Version, Is.EqualTo("1"), "the second signal starts the delay again");
        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.That(store.Current.Version, Is.EqualTo("2"));
        Assert.That(source.Reads, Is.EqualTo(2));
    }

    [TestCase("{ \"rules\": [")]
    [TestCase("""{ "rules": [{ "id": "r", "tools": "*", "decision": "alow" }] }""")]
    [TestCase("")]
    [TestCase(null, Description = "deleted")]
    public void Reload_InvalidPolicy_KeepsTheOldOne(string? invalid)
    {
        var source = new FakePolicySource(Block);
        using var store = Store(source);
        var before = store.Current;

        source.Text = invalid;
        Change(source);

        Assert.That(store.Current, Is.SameAs(before));
        Assert.That(_logger.Entries.Count(entry => entry is { Id: 3, Level: LogLevel.Error }), Is.EqualTo(1));
    }

    [Test]
    public void Reload_ValidPolicyAfterAnInvalidOne_TakesEffect()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = "{";
        Change(source);
        source.Text = Block;
        Change(source);

        Assert.That(store.Current.Version, Is.EqualTo("2"));
    }

    [Test]
    public void Reload_SameText_KeepsThePolicy()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);
        var before = store.Current;

        Change(source);

        Assert.That(store.Current, Is.SameAs(before));
    }

    [Test]
    public void Reload_TurnedOff_IgnoresChanges()
    {
        _options.ReloadOnChange = false;
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = Block;
        Change(source);

        Assert.That(store.Current.Version, Is.EqualTo("1"));
    }

    [Test]
    public void Reload_Disposed_DoesNothing()
    {
        var source = new FakePolicySource(Allow);
        var store = Store(source);

        store.Dispose();
        source.Text = Block;
        Change(source);

        Assert.That(store.Current.Version, Is.EqualTo("1"));
        Assert.That(source.Reads, Is.EqualTo(1));
    }

    [Test]
    public void Constructor_InvalidPolicy_Throws() =>
        Assert.That(() => Store(new FakePolicySource("{")), Throws.TypeOf<PolicyLoadException>());

    [Test]
    public void Constructor_NoRules_Warns()
    {
        using var store = Store(new FakePolicySource("""{ "rules": [] }"""));

        Assert.That(_logger.Entries.Count(entry => entry is { Id: 2, Level: LogLevel.Warning }), Is.EqualTo(1));
    }

    [Test]
    public async Task Reload_FileReplacedAndWritten_TakesEffect()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("policy.json", Allow);
        _options.ReloadDelay = TimeSpan.FromMilliseconds(20);
        using var store = new PolicyStore(new PolicyFile(path), _options, TimeProvider.System, _logger);
        await _logger.NextAsync(1);

        File.Move(folder.Write("next.json", Block), path, overwrite: true);
        await _logger.NextAsync(1);
        Assert.That(store.Current.Version, Is.EqualTo("2"), "renamed over");

        await File.WriteAllTextAsync(path, "{ broken");
        await _logger.NextAsync(3);
        Assert.That(store.Current.Version, Is.EqualTo("2"), "invalid");

        await File.WriteAllTextAsync(path, Allow);
        await _logger.NextAsync(1);
        Assert.That(store.Current.Version, Is.EqualTo("1"), "written in place");
    }

    [Test]
    public void Compare_AChangeWithoutAHint_TakesEffect_AndRenewsTheWatch()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = Block;
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That((store.Current.Version, source.Renewals), Is.EqualTo(("1", 1)), "not before it has settled");
        _time.Advance(_options.ReloadDelay);

        Assert.That(store.Current.Version, Is.EqualTo("2"));
    }

    [Test]
    public void Compare_ATextThatChangesAgainWithinTheDelay_WaitsForTheLast()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = "{ half";
        _time.Advance(TimeSpan.FromSeconds(3));
        source.Text = Block;
        _time.Advance(_options.ReloadDelay);
        Assert.That(store.Current.Version, Is.EqualTo("1"));
        _time.Advance(_options.ReloadDelay);

        Assert.That((store.Current.Version, _logger.Count(3)), Is.EqualTo(("2", 0)));
    }

    [Test]
    public void Compare_HintsThatNeverEnd_DoNotPutOffAStableText()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = Block;
        for (var i = 0; i < 70; i++)
        {
            source.SignalChange();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(store.Current.Version, Is.EqualTo("2"));
    }

    [Test]
    public void Compare_ADelayLongerThanTheInterval_IsKept()
    {
        _options.ReloadDelay = TimeSpan.FromSeconds(20);
        var source = new FakePolicySource(Allow);
        using var store = Store(source);

        source.Text = Block;
        for (var second = 0; second < 22; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(store.Current.Version, Is.EqualTo("1"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(store.Current.Version, Is.EqualTo("2"));
    }

    [Test]
    public void Reload_OfARefusedText_LogsItAgain()
    {
        var source = new FakePolicySource(Allow);
        using var store = Store(source);
        source.Text = "{";
        Change(source);

        store.Reload();
        source.Text = null;
        store.Reload();
        store.Reload();

        Assert.That(_logger.Count(3), Is.EqualTo(4));
    }

    private PolicyStore Store(FakePolicySource source) => new(source, _options, _time, _logger);

    private void Change(FakePolicySource source)
    {
        source.SignalChange();
        _time.Advance(_options.ReloadDelay);
    }
}
