using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Tenants;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Tenants;

public class KeyFileTests
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"thoth-keys-{Guid.NewGuid():N}");

    [TearDown]
    public void DeleteFile() => File.Delete(_path);

    [Test]
    public void NewKey_Created_IsInTheFileAsAHash()
    {
        var key = NewKey.Make(["--tenant", "acme", "--keys", _path]);
        var events = NewKey.Make(["--tenant", "acme", "--keys", _path, "--events-only"]);

        var keys = ApiKeys.Load(new EnforcerOptions { PolicyPath = "p", KeysPath = _path });

        Assert.That(File.ReadAllText(_path), Does.Not.Contain(key).And.Not.Contain(events));
        Assert.That((keys.Find(key)!.Tenant, keys.Find(key)!.Rights), Is.EqualTo(("acme", KeyRights.All)));
        Assert.That(keys.Find(events)!.Rights, Is.EqualTo(KeyRights.Write));
        Assert.That(keys.Find(key + "x"), Is.Null);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public void NewKey_FileWithoutAFinalLineBreak_GetsItsOwnLine()
    {
        var first = NewKey.Make(["--tenant", "acme", "--keys", _path]);
        File.WriteAllText(_path, File.ReadAllText(_path).TrimEnd());

        var second = NewKey.Make(["--tenant", "beta", "--keys", _path]);

        var keys = ApiKeys.Load(new EnforcerOptions { PolicyPath = "p", KeysPath = _path });
        Assert.That((keys.Find(first)?.Tenant, keys.Find(second)?.Tenant), Is.EqualTo(("acme", "beta")));
    }

    [TestCase("acme thoth_live_plain_text_key")]
    [TestCase("acme")]
    [TestCase("acme sha256:00")]
    [TestCase("acme sha256:0000000000000000000000000000000000000000000000000000000000000000 admin")]
    public void Load_LineWithoutAHash_IsRefusedWithoutRepeatingIt(string line)
    {
        File.WriteAllText(_path, "# keys\n\n" + line);

        var error = Assert.Throws<UsageException>(() => ApiKeys.Load(new EnforcerOptions { PolicyPath = "p", KeysPath = _path }));

        Assert.That(error.Message, Does.Contain("Line 3").And.Not.Contain("thoth_live"));
    }

    [Test]
    public void Load_MissingFile_IsRefused() =>
        Assert.That(() => ApiKeys.Load(new EnforcerOptions { PolicyPath = "p", KeysPath = _path }), Throws.TypeOf<UsageException>());

    [TestCase("acme")]
    [TestCase("=thoth_test_acme_0123456789")]
    [TestCase("acme=short")]
    public void Load_MalformedVariable_IsRefused(string text) =>
        Assert.That(() => ApiKeys.Load(new EnforcerOptions { PolicyPath = "p", Keys = text }), Throws.TypeOf<UsageException>());

    [Test]
    public async Task EventsOnlyKey_EvaluatingACall_IsForbidden()
    {
        var key = NewKey.Make(["--tenant", "acme", "--keys", _path, "--events-only"]);
        await using var host = await EnforcerHost.StartAsync(options => options with { KeysPath = _path });

        var reply = await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s"}""", ("X-Api-Key", key));

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.Forbidden, "forbidden")));
    }
}
