using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Sqlite;

public class SqliteOutboxOptionsTests
{
    [Test]
    public void Validate_Defaults_AreValid() => Assert.That(() => Resolve(_ => { }), Throws.Nothing);

    [Test]
    public void Validate_OutOfRange_NamesTheOptionAndItsRange()
    {
        (Action<SqliteOutboxOptions> Break, string Message)[] cases =
        [
            (options => options.Path = " ", "Set SqliteOutboxOptions.Path or Thoth:SqliteOutbox:Path"),
            (options => options.Durability = (OutboxDurability)9, "SqliteOutboxOptions.Durability has an undefined value. Set it to a value of OutboxDurability."),
            (options => options.Sync = (OutboxSync)9, "SqliteOutboxOptions.Sync has an undefined value. Set it to a value of OutboxSync."),
            (options => options.HeldCallKeyPath = " ", "SqliteOutboxOptions.HeldCallKeyPath is blank or the outbox itself. Set it to a file of its own, or leave it unset."),
            (options => options.FullMode = (OutboxFullMode)9, "SqliteOutboxOptions.FullMode has an undefined value. Set it to a value of OutboxFullMode."),
            (options => options.MaxBytes = 1000, "MaxBytes must be between 1048576 and 1099511627776"),
            (options => options.Retention = TimeSpan.FromSeconds(-1), "Retention must be between"),
        ];

        using (Assert.EnterMultipleScope())
        {
            foreach (var (breakIt, message) in cases)
            {
                Assert.That(() => Resolve(breakIt), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));
            }
        }
    }

    [Test]
    public void Configuration_Root_ThothSection_AndOwnSection_AreRead([Values("", "Thoth", "Thoth:SqliteOutbox")] string section)
    {
        var root = Configuration(
            ("Thoth:TenantId", "t"), ("Thoth:SqliteOutbox:Path", "o.db"), ("Thoth:SqliteOutbox:Durability", "BeforeExecution"), ("Thoth:SqliteOutbox:MaxBytes", "2000000"));
        var services = new ServiceCollection();
        services.AddThoth(root).UseSqliteOutbox(section.Length == 0 ? root : root.GetSection(section));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<SqliteOutboxOptions>>().Value;

        Assert.That((options.Path, options.Durability, options.MaxBytes), Is.EqualTo(("o.db", OutboxDurability.BeforeExecution, 2_000_000)));
    }

    [Test]
    public void Configuration_UnknownKey_IsAnError()
    {
        var services = new ServiceCollection();
        services.AddThoth().UseSqliteOutbox(Configuration(("Thoth:SqliteOutbox:Path", "o.db"), ("Thoth:SqliteOutbox:Durabilty", "BeforeExecution")));
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IOptions<SqliteOutboxOptions>>().Value, Throws.InvalidOperationException.With.Message.Contains("Durabilty"));
    }

    [Test]
    public async Task Host_WithAnInvalidOption_FailsAtStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddThoth(options => (options.TenantId, options.AgentId, options.ApiUrl) = ("t", "a", "http://127.0.0.1:9"))
            .UseEnforcer(new ScriptedEnforcer())
            .UseSqliteOutbox(options => options.MaxBytes = 1);
        using var host = builder.Build();

        Assert.That(
            await Assert.CatchAsync(() => host.StartAsync()),
            Is.TypeOf<OptionsValidationException>().With.Message.Contains("MaxBytes").And.Message.Contains("UseSqliteOutbox(path)"));
    }

    [Test]
    public void UseSqliteOutbox_Null_Throws()
    {
        var thoth = new ServiceCollection().AddThoth();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => thoth.UseSqliteOutbox((string)null!), Throws.ArgumentNullException);
            Assert.That(() => thoth.UseSqliteOutbox(" "), Throws.ArgumentException);
            Assert.That(() => thoth.UseSqliteOutbox((Action<SqliteOutboxOptions>)null!), Throws.ArgumentNullException);
            Assert.That(() => thoth.UseSqliteOutbox((IConfiguration)null!), Throws.ArgumentNullException);
        }
    }

    [Test]
    public void OutboxException_MadeByATest_HasWhatAHandlerReads()
    {
        var cause = new IOException();

        var exception = new OutboxException(OutboxFailure.NoRoom, "The disk is full.", cause);

        Assert.That((exception.Failure, exception.Message, exception.InnerException), Is.EqualTo((OutboxFailure.NoRoom, "The disk is full.", cause)));
    }

    private static SqliteOutboxOptions Resolve(Action<SqliteOutboxOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddThoth().UseSqliteOutbox("o.db", configure);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<SqliteOutboxOptions>>().Value;
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Key, value => (string?)value.Value)).Build();
}
