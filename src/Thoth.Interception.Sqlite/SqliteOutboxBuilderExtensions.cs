using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Sqlite.Delivery;
using Thoth.Interception.Sqlite.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps events on disk until the Thoth API has accepted them.</summary>
public static class SqliteOutboxBuilderExtensions
{
    /// <summary>
    /// Commits every event to a SQLite file before it is sent to the Thoth API, and takes it out when the API has accepted it. What
    /// an earlier process left is sent first; a call that it left without an outcome gets one, with the error type
    /// <c>interrupted</c>. Other sinks are not changed. The last outbox chosen is the one that is used.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">
    /// The file, made where it is missing and readable by its owner alone; its folder must exist. A relative path starts at the
    /// current directory. One process can use it at a time: an <see cref="OutboxException"/> tells the second when its provider
    /// makes its first governed service.
    /// </param>
    /// <param name="configure">Changes when events are on disk, how many, and for how long.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IThothBuilder UseSqliteOutbox(
        this IThothBuilder builder, string path, Action<SqliteOutboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var options = new SqliteOutboxOptions();
        configure?.Invoke(options);
        options.Validate();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ThothOptions>, OutboxRequirements>());
        builder.Services.Replace(ServiceDescriptor.Singleton<ApiSinkQueueFactory>((services, sink, name) =>
        {
            var (events, time) = (services.GetRequiredService<IOptions<ThothOptions>>().Value.Events, services.GetRequiredService<TimeProvider>());

            // Where failed calls leave no event, a call without an outcome may have been one of these.
            Func<OpenCall, OutboxEntry>? interrupt = events.EmitFailures ? call => InterruptedCall.Outcome(call, time.GetUtcNow()) : null;
            var logger = new NonThrowingLogger<SqliteOutbox>(services.GetRequiredService<ILogger<SqliteOutbox>>());
            var outbox = new SqliteOutbox(path, options, interrupt, time, logger);
            return new OutboxSinkQueue(outbox, options.Durability, sink, name, events, time, logger);
        }));
        return builder;
    }

    private sealed class OutboxRequirements : IValidateOptions<ThothOptions>
    {
        public ValidateOptionsResult Validate(string? name, ThothOptions options) => options.ApiUrl is not null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "The outbox has nowhere to send events to: set ThothOptions.ApiUrl, Thoth:ApiUrl or THOTH_API_URL, or remove UseSqliteOutbox.");
    }
}
