using Microsoft.Extensions.Options;

namespace Thoth.Interception.Sqlite.DependencyInjection;

/// <summary>Validates the ranges that the attributes of the options state.</summary>
[OptionsValidator]
internal sealed partial class SqliteOutboxOptionsRanges : IValidateOptions<SqliteOutboxOptions>;

/// <summary>Validates the path and that enumerations have defined values.</summary>
internal sealed class SqliteOutboxOptionsValidator : IValidateOptions<SqliteOutboxOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteOutboxOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            failures.Add("The outbox has no file. Set SqliteOutboxOptions.Path or Thoth:SqliteOutbox:Path, or call UseSqliteOutbox(path).");
        }

        if (options.HeldCallKeyPath is { } key && (string.IsNullOrWhiteSpace(key) || key == options.Path))
        {
            failures.Add("SqliteOutboxOptions.HeldCallKeyPath is blank or the outbox itself. Set it to a file of its own, or leave it unset.");
        }

        AddIfUndefined(options.Durability, nameof(options.Durability));
        AddIfUndefined(options.Sync, nameof(options.Sync));
        AddIfUndefined(options.FullMode, nameof(options.FullMode));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void AddIfUndefined<TEnum>(TEnum value, string option)
            where TEnum : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                failures.Add($"SqliteOutboxOptions.{option} has an undefined value. Set it to a value of {typeof(TEnum).Name}.");
            }
        }
    }
}
