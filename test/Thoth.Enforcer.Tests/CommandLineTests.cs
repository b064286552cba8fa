using Thoth.Enforcer.Page;
using Thoth.Enforcer.Tenants;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Tests;

public class CommandLineTests
{
    [Test]
    public void Read_Everything_IsUnderstood()
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
    public void Read_WhatItDoesNotKnow_IsRefused(params string[] args) =>
        Assert.That(() => CommandLine.Read(args, _ => null), Throws.TypeOf<UsageException>());

    [Test]
    public void Build_BrokenPolicy_IsRefusedAndLeavesTheDatabaseClosed()
    {
        var folder = Directory.CreateTempSubdirectory("thoth-build-");
        try
        {
            var options = new EnforcerOptions { PolicyPath = Path.Combine(folder.FullName, "p.json"), DatabasePath = Path.Combine(folder.FullName, "d.db") };
            File.WriteAllText(options.PolicyPath, """{"id":"x","rulez":[]}""");

            Assert.That(() => EnforcerServer.Build(options, TimeProvider.System), Throws.TypeOf<PolicyLoadException>());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestCase(null, "sign-in?token=", "THOTH_API_KEY=local")]
    [TestCase("a-configured-page-token", "THOTH_ENFORCER_PAGE_TOKEN", "tenant 'local'")]
    public void Greeting_TellsTheWayInAndNoConfiguredToken(string? token, string link, string access)
    {
        var text = StartupBanner.Of("http://127.0.0.1:5080", new PageToken(token), new ApiKeys([]), new EnforcerOptions { PolicyPath = "p" });

        Assert.That(text, Does.Contain(link).And.Contain(access).And.Not.Contain("a-configured-page-token"));
    }

    [Test]
    public void Build_MissingPolicy_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("thoth-build-");
        try
        {
            var options = new EnforcerOptions { PolicyPath = Path.Combine(folder.FullName, "none.json"), DatabasePath = Path.Combine(folder.FullName, "d.db") };

            Assert.That(() => EnforcerServer.Build(options, TimeProvider.System), Throws.TypeOf<UsageException>().With.Message.Contains("--policy"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
