using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Tests.Configuration;

public class CommandLineTests
{
    [Test]
    public void Read_EverySwitch_SetsItsOption()
    {
        string[] args =
        [
            "--policy", "p.json", "--urls", "http://127.0.0.1:1", "--allow-remote", "--database", "d.db", "--keys", "k", "--tenant", "acme",
            "--hold-minutes", "5", "--max-holds", "6", "--requests-per-minute", "7", "--retention-days", "8",
        ];

        var options = CommandLine.Read(args, name => name == "THOTH_ENFORCER_PAGE_TOKEN" ? "page" : "keys");

        Assert.That(options, Is.EqualTo(new EnforcerOptions
        {
            PolicyPath = Path.GetFullPath("p.json"),
            Urls = "http://127.0.0.1:1",
            AllowRemote = true,
            DatabasePath = Path.GetFullPath("d.db"),
            KeysPath = "k",
            Keys = "keys",
            Tenant = "acme",
            PageToken = "page",
            HoldLifetime = TimeSpan.FromMinutes(5),
            MaxHolds = 6,
            RequestsPerMinute = 7,
            RetentionDays = 8,
        }));
    }

    [TestCase]
    [TestCase("--policy")]
    [TestCase("--policy", "p", "--polcy", "q")]
    [TestCase("--policy", "p", "--policy", "q")]
    [TestCase("--policy", "--urls")]
    [TestCase("--policy", "p", "--max-holds", "-1")]
    [TestCase("--policy", "p", "--hold-minutes", "x")]
    [TestCase("--policy", "p", "--events-only")]
    [TestCase("p.json")]
    public void Read_UnknownOrIncompleteArguments_AreRefused(params string[] args) =>
        Assert.That(() => CommandLine.Read(args, _ => null), Throws.TypeOf<UsageException>());
}
