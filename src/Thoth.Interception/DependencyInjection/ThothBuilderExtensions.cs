using Microsoft.Extensions.DependencyInjection.Extensions;
using Thoth.Interception;
using Thoth.Interception.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses the enforcer and the event sinks.</summary>
public static class ThothBuilderExtensions
{
    /// <summary>Uses an enforcer that the container makes; the last one chosen is the one that is asked.</summary>
    /// <typeparam name="TEnforcer">The enforcer's type; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder UseEnforcer<TEnforcer>(this IThothBuilder builder)
        where TEnforcer : class, IEnforcer
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IEnforcer, TEnforcer>());
        return builder;
    }

    /// <summary>Uses this enforcer; the last one chosen is the one that is asked. The container does not dispose it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="enforcer">The enforcer.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder UseEnforcer(this IThothBuilder builder, IEnforcer enforcer)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(enforcer);
        builder.Services.Replace(ServiceDescriptor.Singleton(enforcer));
        return builder;
    }

    /// <summary>
    /// Configures the client of the Thoth API, for questions as for events: handlers, a proxy, client certificates. A handler
    /// that is to see the calls of synchronous tools without a thread of the pool overrides <c>Send</c> as well as <c>SendAsync</c>.
    /// Redirects are never followed, whatever the primary handler says. Headers set on the client go with every request; its
    /// <see cref="HttpClient.Timeout"/> ends each question, and each attempt to send a batch of events, where it is shorter than
    /// their own limits.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Configures the client.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder ConfigureHttpClientBuilder(this IThothBuilder builder, Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Services.AddHttpClient(ThothHttpClient.ClientName));
        return builder;
    }

    /// <summary>
    /// Adds a sink for behavioural events, beside the Thoth API where <see cref="ThothOptions.ApiUrl"/> is set. Without any,
    /// events go to the log.
    /// </summary>
    /// <typeparam name="TSink">The sink's type; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder AddEventSink<TSink>(this IThothBuilder builder)
        where TSink : class, IEventSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IEventSink, TSink>());
        return builder;
    }

    /// <summary>
    /// Adds this sink for behavioural events, beside the Thoth API where <see cref="ThothOptions.ApiUrl"/> is set. The container
    /// does not dispose it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="sink">The sink.</param>
    /// <returns>The same builder.</returns>
    public static IThothBuilder AddEventSink(this IThothBuilder builder, IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(sink);
        builder.Services.AddSingleton(sink);
        return builder;
    }
}
