using Thoth.Interception.Sqlite;

namespace Thoth.Interception.Tests.Sqlite;

public class SqliteOutboxOptionsTests
{
    [Test]
    public void Validate_Defaults_AreValid() => Assert.That(new SqliteOutboxOptions().Validate, Throws.Nothing);

    [Test]
    public void Validate_OutOfRange_NamesTheOptionAndItsRange()
    {
        SqliteOutboxOptions[] wrong =
        [
            new() { Durability = (OutboxDurability)9 }, new() { Sync = (OutboxSync)9 }, new() { FullMode = (OutboxFullMode)9 },
            new() { MaxBytes = 1000 }, new() { Retention = TimeSpan.FromSeconds(-1) },
        ];

        foreach (var options in wrong)
        {
            Assert.That(options.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("must be"));
        }
    }
}
