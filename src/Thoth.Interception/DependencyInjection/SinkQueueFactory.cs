using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Outbox;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Events.Serialization;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Creates the queue of the Thoth API's sink: in memory, unless an outbox is registered.</summary>
/// <param name="services">The services.</param>
/// <param name="name">The queue's name.</param>
internal delegate ISinkQueue ApiSinkQueueFactory(IServiceProvider services, string name);

/// <summary>Creates the queues of a service provider, one for each sink.</summary>
internal static class SinkQueueFactory
{
    /// <summary>
    /// Creates a queue for each registered sink, and one for the Thoth API if its URL is set. If there is none, events go to the log.
    /// In tests there is only the test's queue.
    /// </summary>
    public static IReadOnlyList<ISinkQueue> CreateAll(IServiceProvider services)
    {
        if (services.GetService<TestReplacement>() is { } test)
        {
            return [test.CreateQueue()];
        }

        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        List<ISinkQueue> queues = [.. services.GetServices<IEventSink>().Select(sink => CreateInMemory(services, sink, NameOf(sink.GetType(), names)))];
        if (OptionsIn(services).ApiUrl is not null)
        {
            queues.Add(services.GetRequiredService<ApiSinkQueueFactory>()(services, NameOf(typeof(HttpEventSink), names)));
        }

        if (queues.Count == 0)
        {
            queues.Add(CreateInMemory(services, services.GetRequiredService<LoggerEventSink>(), nameof(LoggerEventSink)));
        }

        return queues;
    }

    /// <summary>Creates a queue in memory for a sink that receives events as objects.</summary>
    public static ISinkQueue CreateInMemory(
        IEventSink sink, string name, EventOptions options, TimeProvider time, ILogger logger, int maxConcurrentBatches = 1) =>
        new InMemorySinkQueue<BehavioralEvent>(
            sink.SendAsync, new ObjectEventBuffer(), name, maxConcurrentBatches, static () => 0, options, time, logger);

    /// <summary>Creates a queue in memory for the Thoth API, with events in the form in which they are sent.</summary>
    public static ISinkQueue CreateApiInMemory(IServiceProvider services, string name)
    {
        var (sink, options) = (services.GetRequiredService<HttpEventSink>(), OptionsIn(services).Events);
        return new InMemorySinkQueue<SerializedEvent>(
            sink.SendAsync, new SerializedEventBuffer(), name, options.MaxConcurrentBatches, () => sink.RetriedEvents, options,
            services.GetRequiredService<TimeProvider>(), LoggerIn(services), skipsLocalEvents: true);
    }

    /// <summary>Creates a queue for the Thoth API that stores events in an outbox before they are sent.</summary>
    public static ISinkQueue CreateApiOutbox(IServiceProvider services, string name, IEventOutbox outbox) => new OutboxSinkQueue(
        outbox, services.GetRequiredService<HttpEventSink>(), name, OptionsIn(services).Events, services.GetRequiredService<TimeProvider>(),
        LoggerIn(services));

    private static ISinkQueue CreateInMemory(IServiceProvider services, IEventSink sink, string name)
    {
        var settings = services.GetServices<EventSinkSettings>().LastOrDefault(settings => settings.AppliesTo(sink));
        return CreateInMemory(
            sink, name, OptionsIn(services).Events, services.GetRequiredService<TimeProvider>(), LoggerIn(services),
            settings?.Options.MaxConcurrentBatches ?? 1);
    }

    private static ThothOptions OptionsIn(IServiceProvider services) => services.GetRequiredService<IOptions<ThothOptions>>().Value;

    private static NonThrowingLogger<EventPipeline> LoggerIn(IServiceProvider services) =>
        new(services.GetRequiredService<ILogger<EventPipeline>>());

    private static string NameOf(Type sink, Dictionary<string, int> names)
    {
        var count = names[sink.Name] = names.GetValueOrDefault(sink.Name) + 1;
        return count == 1 ? sink.Name : $"{sink.Name}#{count}";
    }
}
