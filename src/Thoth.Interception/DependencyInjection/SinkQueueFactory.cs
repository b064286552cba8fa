using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Events.Serialization;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Makes the queue of the Thoth API's sink, where it is to be another than a queue in memory.</summary>
/// <param name="services">The services.</param>
/// <param name="sink">The sink.</param>
/// <param name="name">The queue's name.</param>
internal delegate ISinkQueue ApiSinkQueueFactory(IServiceProvider services, HttpEventSink sink, string name);

/// <summary>The queues that a service provider's events go by.</summary>
internal static class SinkQueueFactory
{
    public static IEnumerable<ISinkQueue> In(IServiceProvider services)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. SinksIn(services).Select(sink => QueueOf(sink, NameOf(sink, names), services))];
    }

    /// <summary>A queue in memory, where events wait in the form that the sink takes.</summary>
    public static ISinkQueue InMemory(IEventSink sink, string name, EventOptions options, TimeProvider time, ILogger logger) =>
        sink is HttpEventSink api
            ? new InMemorySinkQueue<SerializedEvent>(api, api.SendAsync, new SerializedEventBuffer(), name, options, time, logger)
            : new InMemorySinkQueue<BehavioralEvent>(sink, sink.SendAsync, new ObjectEventBuffer(), name, options, time, logger);

    private static ISinkQueue QueueOf(IEventSink sink, string name, IServiceProvider services) =>
        sink is HttpEventSink api && services.GetService<ApiSinkQueueFactory>() is { } factory
            ? factory(services, api, name)
            : InMemory(
                sink, name, services.GetRequiredService<IOptions<ThothOptions>>().Value.Events, services.GetRequiredService<TimeProvider>(),
                new NonThrowingLogger<EventPipeline>(services.GetRequiredService<ILogger<EventPipeline>>()));

    /// <summary>Every sink that was added, and the API where there is one; the log where there is neither, so that evidence is somewhere.</summary>
    private static List<IEventSink> SinksIn(IServiceProvider services)
    {
        List<IEventSink> sinks = [.. services.GetServices<IEventSink>()];
        if (services.GetRequiredService<IOptions<ThothOptions>>().Value.ApiUrl is not null)
        {
            sinks.Add(services.GetRequiredService<HttpEventSink>());
        }

        return sinks.Count > 0 ? sinks : [services.GetRequiredService<LoggerEventSink>()];
    }

    private static string NameOf(IEventSink sink, Dictionary<string, int> names)
    {
        var type = sink.GetType().Name;
        var count = names[type] = names.GetValueOrDefault(type) + 1;
        return count == 1 ? type : $"{type}#{count}";
    }
}
