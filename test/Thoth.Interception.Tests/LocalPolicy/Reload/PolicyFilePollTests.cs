using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Reload;

/// <summary>Checks with real files that each way of changing a policy is seen within 5 seconds, even without a notification.</summary>
public sealed class PolicyFilePollTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<PolicyEngine> _logger = new();
    private readonly TemporaryFolder _root = new();
    private string _folder = "";
    private string _path = "";
    private PolicyEngine? _engine;

    [TearDown]
    public void TearDown()
    {
        _engine?.Dispose();
        _root.Dispose();
        _logger.Dispose();
    }

    [Test]
    public void Change_OfTheFolderByAnother_IsSeen()
    {
        Start();
        var next = Path.Combine(_root.Path, "conf.new");
        Directory.CreateDirectory(next);
        File.WriteAllText(Path.Combine(next, "policy.json"), Version(2));
        Directory.Move(_folder, Path.Combine(_root.Path, "conf.old"));
        Directory.Move(next, _folder);

        AssertSeen(2);
        File.WriteAllText(_path, Version(3));
        AssertSeen(3);
    }

    [Test]
    public void Change_OfARemovedAndRemadeFolder_IsSeen_AndLoggedOnce()
    {
        Start();
        Directory.Delete(_folder, recursive: true);
        for (var i = 0; i < 5; i++)
        {
            Wait();
        }

        Assert.That(_engine!.Policy.Version, Is.EqualTo("1"), "the policy in force stays");
        Assert.That(_logger.Count(3), Is.EqualTo(1), "logged once");
        Directory.CreateDirectory(_folder);
        File.WriteAllText(_path, Version(2));

        AssertSeen(2);
        Assert.That(_logger.Entries.Single(entry => entry.Id == 10).Level, Is.EqualTo(LogLevel.Information));
    }

    [Test]
    public void Recovery_WithTheSameText_IsLoggedOnce_AndKeepsThePolicy()
    {
        Start();
        File.Move(_path, _path + ".old");
        Wait();
        Wait();
        File.Move(_path + ".old", _path);
        Wait();
        Wait();

        Assert.That((_logger.Count(3), _logger.Count(10), _logger.Count(1)), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task Outage_ThatComesAgain_IsLoggedAgain()
    {
        Start();
        for (var outage = 1; outage <= 2; outage++)
        {
            // A hint of the watcher may be handled at this moment, on a thread of its own: the clock goes on until it is.
            var expected = outage;
            File.Move(_path, _path + ".old");
            await Eventually.TrueAsync(() => _logger.Count(3) == expected, "the outage is logged", Wait);
            File.Move(_path + ".old", _path);
            await Eventually.TrueAsync(() => _logger.Count(10) == expected, "the recovery is logged", Wait);
        }

        Assert.That((_logger.Count(3), _logger.Count(10)), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Change_ToAFolderInPlaceOfTheFile_IsLoggedOnce_AndRecovers()
    {
        Start();
        File.Delete(_path);
        Directory.CreateDirectory(_path);
        Wait();
        Wait();
        Assert.That(_logger.Count(3), Is.EqualTo(1));

        Directory.Delete(_path);
        File.WriteAllText(_path, Version(2));
        AssertSeen(2);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    [Platform("Unix")]
    public void Change_AfterRightsWereTakenAndGiven_IsSeen()
    {
        Start();
        File.SetUnixFileMode(_path, UnixFileMode.None);
        Wait();
        File.WriteAllText(_path + ".new", Version(2));
        File.Move(_path + ".new", _path, overwrite: true);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead);

        AssertSeen(2);
    }

    [Test]
    public void Change_OfASymbolicLinksTarget_IsSeen()
    {
        var target = _root.Write("target.json", Version(1));
        Start(path => File.CreateSymbolicLink(path, target));

        File.WriteAllText(target, Version(2));
        AssertSeen(2);

        File.WriteAllText(target, Version(3));
        AssertSeen(3);
    }

    [Test]
    public void Change_OfASymbolicLinkToAFolder_IsSeen()
    {
        // A mounted Kubernetes config map: policy.json -> ..data/policy.json, ..data -> a folder for each version.
        Start(path =>
        {
            var folder = Path.GetDirectoryName(path)!;
            foreach (var version in (int[])[1, 2])
            {
                Directory.CreateDirectory(Path.Combine(folder, $"..{version}"));
                File.WriteAllText(Path.Combine(folder, $"..{version}", "policy.json"), Version(version));
            }

            Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..1");
            File.CreateSymbolicLink(path, Path.Combine("..data", "policy.json"));
        });

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..tmp"), "..2");
        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.Move(Path.Combine(_folder, "..tmp"), Path.Combine(_folder, "..data"));

        AssertSeen(2);
    }

    [Test]
    public void Change_WithTheSameLengthAndTime_IsSeen()
    {
        Start();
        var time = File.GetLastWriteTimeUtc(_path);
        File.WriteAllText(_path, Version(2));
        File.SetLastWriteTimeUtc(_path, time);

        AssertSeen(2);
    }

    [Test]
    public void Change_ThatCannotBeLoaded_IsLoggedOnce_AndTheNextOneIsSeen()
    {
        Start();
        File.WriteAllText(_path, "{ broken");
        for (var i = 0; i < 5; i++)
        {
            Wait();
        }

        Assert.That(_logger.Count(3), Is.EqualTo(1), "one entry for one text");
        File.WriteAllText(_path, "{ broken again");
        Wait();
        Assert.That(_logger.Count(3), Is.EqualTo(2), "another text is another mistake");
        File.WriteAllText(_path, Version(2));
        AssertSeen(2);
    }

    [Test]
    public void Change_TurnedOff_IsNotSeen()
    {
        Start(configure: options => options.ReloadOnChange = false);
        File.WriteAllText(_path, Version(2));
        Wait();

        Assert.That(_engine!.Policy.Version, Is.EqualTo("1"));
    }

    [Test]
    public void Change_AfterDisposal_IsNotRead()
    {
        Start();
        _engine!.Dispose();
        File.WriteAllText(_path, Version(2));
        Wait();

        Assert.That(_engine.Policy.Version, Is.EqualTo("1"));
    }

    private static string Version(int version) => $$"""{ "version": "{{version}}", "rules": [{ "id": "r", "tools": "*", "decision": "allow" }] }""";

    private void Start(Action<string>? create = null, Action<LocalPolicyOptions>? configure = null)
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root.Path, "conf")).FullName;
        _path = Path.Combine(_folder, "policy.json");
        create ??= path => File.WriteAllText(path, Version(1));
        create(_path);
        var options = new LocalPolicyOptions { Path = _path };
        configure?.Invoke(options);
        _engine = PolicyEngine.Load(options, _time, _logger);
    }

    /// <summary>Lets 5 seconds pass. Timers that a timer starts are due in between, so it goes in steps.</summary>
    private void Wait()
    {
        for (var step = TimeSpan.Zero; step < Limit; step += TimeSpan.FromMilliseconds(250))
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));

            // A hint of the watcher is handled on a thread of its own.
            Thread.Yield();
        }
    }

    private void AssertSeen(int version)
    {
        Wait();
        Assert.That(_engine!.Policy.Version, Is.EqualTo($"{version}"));
    }
}
