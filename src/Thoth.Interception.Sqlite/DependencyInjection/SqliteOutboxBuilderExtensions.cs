using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.DependencyInjection;
using Thoth.Interception.Sqlite.HeldCalls;
using Thoth.Interception.Sqlite.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an outbox that stores events on disk until the Thoth API has accepted them.</summary>
public static class SqliteOutboxBuilderExtensions
{
    /// <summary>
    /// Commits every event to a SQLite file before it is sent to the Thoth API, and deletes it once the API has accepted it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">
    /// The file, for <see cref="SqliteOutboxOptions.Path"/>. It is created if it is missing, readable by its owner alone; its folder
    /// must exist. A relative path starts at the current directory.
    /// </param>
    /// <param name="configure">Sets further options: when events are on disk, how many, and for how long.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank.</exception>
    /// <remarks>
    /// Events of an earlier process are sent first. A call that it left without an outcome gets one, with the error type
    /// <c>interrupted</c>. Held calls are stored in the file too, encrypted, and survive a restart, unless another store is chosen with
    /// <c>UseHeldCallStore</c>. Other sinks are not changed. <see cref="ThothOptions.ApiUrl"/> is required. Options are validated when
    /// the host starts, or else when the first governed service is resolved; one out of range is an
    /// <see cref="OptionsValidationException"/>. One process can use a file at a time: the second gets an
    /// <see cref="OutboxException"/> when its first governed service is resolved. Options of several calls add up, and the last value
    /// of each counts.
    /// </remarks>
    /// <example>
    /// <code>
    /// services.AddThoth(options => options.ApiUrl = "https://enforce.acme.example")
    ///     .UseSqliteOutbox("thoth-outbox.db", outbox => outbox.Durability = OutboxDurability.BeforeExecution);
    /// </code>
    /// </example>
    public static IThothBuilder UseSqliteOutbox(
        this IThothBuilder builder, string path, Action<SqliteOutboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.UseSqliteOutbox(options =>
        {
            options.Path = path;
            configure?.Invoke(options);
        });
    }

    /// <summary>Stores events in a SQLite file until the Thoth API has accepted them, with options that are set in code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; <see cref="SqliteOutboxOptions.Path"/> is required.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is <see langword="null"/>.</exception>
    /// <remarks>The remarks of <see cref="UseSqliteOutbox(IThothBuilder, string, Action{SqliteOutboxOptions})"/> apply.</remarks>
    /// <example>
    /// <code>
    /// services.AddThoth().UseSqliteOutbox(outbox =>
    /// {
    ///     outbox.Path = Path.Combine(dataFolder, "thoth-outbox.db");
    ///     outbox.Retention = TimeSpan.FromDays(30);
    /// });
    /// </code>
    /// </example>
    public static IThothBuilder UseSqliteOutbox(this IThothBuilder builder, Action<SqliteOutboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        AddOptions(builder).Configure(configure);
        return AddOutbox(builder);
    }

    /// <summary>Stores events in a SQLite file until the Thoth API has accepted them, with options from configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">
    /// The application's configuration, its <c>Thoth</c> section, or the section <see cref="SqliteOutboxOptions.SectionName"/>
    /// itself. An unknown key is an error at startup.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configuration"/> is <see langword="null"/>.</exception>
    /// <remarks>The remarks of <see cref="UseSqliteOutbox(IThothBuilder, string, Action{SqliteOutboxOptions})"/> apply.</remarks>
    /// <example>
    /// <code>
    /// // { "Thoth": { "ApiUrl": "https://enforce.acme.example", "SqliteOutbox": { "Path": "thoth-outbox.db" } } }
    /// builder.Services.AddThoth(builder.Configuration).UseSqliteOutbox(builder.Configuration);
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    public static IThothBuilder UseSqliteOutbox(this IThothBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        AddOptions(builder).BindSection(configuration, SqliteOutboxOptions.SectionName);
        return AddOutbox(builder);
    }

    private static OptionsBuilder<SqliteOutboxOptions> AddOptions(IThothBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteOutboxOptions>, SqliteOutboxOptionsRanges>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteOutboxOptions>, SqliteOutboxOptionsValidator>());

        // Validated when it is created, which the host does at start. Options of a replaced one do not matter.
        return builder.Services.AddOptions<SqliteOutboxOptions>();
    }

    private static IThothBuilder AddOutbox(IThothBuilder builder) => builder.UseEventOutbox(static services =>
    {
        var options = services.GetRequiredService<IOptions<SqliteOutboxOptions>>().Value;
        var (events, time) = (services.GetRequiredService<IOptions<ThothOptions>>().Value.Events, services.GetRequiredService<TimeProvider>());

        // With EmitFailures off, failed calls leave no outcome either, so a missing outcome does not mean that the call was interrupted.
        Func<OpenCall, OutboxEntry>? createOutcome = events.EmitFailures ? call => InterruptedCall.Outcome(call, time.GetUtcNow()) : null;
        var logger = new NonThrowingLogger<SqliteOutbox>(services.GetRequiredService<ILogger<SqliteOutbox>>());
        var outbox = new SqliteOutbox(options.Path!, options, createOutcome, time, logger);
        var key = new HeldCallKey(options.HeldCallKeyPath is { } path ? Path.GetFullPath(path) : outbox.Path + ".key", logger);
        outbox.HeldCalls = new SqliteHeldCallStore(outbox, key, time, logger);
        return outbox;
    });
}
