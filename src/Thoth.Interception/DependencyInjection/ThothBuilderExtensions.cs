using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures the enforcer, the event sinks and the governed tools in one chain.</summary>
public static class ThothBuilderExtensions
{
    /// <summary>Uses an enforcer that the container creates. The last enforcer chosen is the one that is used.</summary>
    /// <typeparam name="TEnforcer">The enforcer's type; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <example><code>services.AddThoth().UseEnforcer&lt;OfficeHoursEnforcer&gt;();</code></example>
    public static IThothBuilder UseEnforcer<TEnforcer>(this IThothBuilder builder)
        where TEnforcer : class, IEnforcer
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IEnforcer, TEnforcer>());
        return builder;
    }

    /// <summary>
    /// Uses this enforcer. The last enforcer chosen is the one that is used. The container does not dispose it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="enforcer">The enforcer.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="enforcer"/> is <see langword="null"/>.</exception>
    /// <example><code>services.AddThoth().UseEnforcer(new OfficeHoursEnforcer(TimeProvider.System));</code></example>
    public static IThothBuilder UseEnforcer(this IThothBuilder builder, IEnforcer enforcer)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(enforcer);
        builder.Services.Replace(ServiceDescriptor.Singleton(enforcer));
        return builder;
    }

    /// <summary>
    /// Uses an enforcer that a factory creates once. The last enforcer chosen is the one that is used. The container disposes it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="factory">Creates the enforcer from the services.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is <see langword="null"/>.</exception>
    /// <example>
    /// <code>
    /// services.AddThoth().UseEnforcer(provider => new OfficeHoursEnforcer(provider.GetRequiredService&lt;TimeProvider&gt;()));
    /// </code>
    /// </example>
    public static IThothBuilder UseEnforcer(this IThothBuilder builder, Func<IServiceProvider, IEnforcer> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.Replace(ServiceDescriptor.Singleton(factory));
        return builder;
    }

    /// <summary>
    /// Configures the HTTP client of the Thoth API, which sends requests to the enforcer and batches of events: handlers, a proxy,
    /// client certificates.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Configures the client.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// A handler that supports synchronous tools without a thread of the pool overrides <c>Send</c> as well as <c>SendAsync</c>.
    /// Redirects are never followed, whichever primary handler is set. Headers that are set on the client go with every request. Its
    /// <see cref="HttpClient.Timeout"/> ends each request to the enforcer, and each attempt to send a batch of events, if it is
    /// shorter than their own limits.
    /// </remarks>
    /// <example>
    /// <code>
    /// services.AddThoth().ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler&lt;TracingHandler&gt;());
    /// </code>
    /// </example>
    public static IThothBuilder ConfigureHttpClientBuilder(this IThothBuilder builder, Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Services.AddHttpClient(ThothHttpClient.ClientName));
        return builder;
    }

    /// <summary>
    /// Adds a sink for behavioural events. The Thoth API stays a sink too if <see cref="ThothOptions.ApiUrl"/> is set. Without any
    /// sink, events go to the log. Adding a type again only changes its options.
    /// </summary>
    /// <typeparam name="TSink">The sink's type; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how events are delivered to the sink.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>services.AddThoth().AddEventSink&lt;AuditFileSink&gt;(sink => sink.MaxConcurrentBatches = 2);</code></example>
    public static IThothBuilder AddEventSink<TSink>(this IThothBuilder builder, Action<EventSinkOptions>? configure = null)
        where TSink : class, IEventSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IEventSink, TSink>());
        return builder.AddSinkSettings(configure, static sink => sink.GetType() == typeof(TSink));
    }

    /// <summary>
    /// Adds this sink for behavioural events. The Thoth API stays a sink too if <see cref="ThothOptions.ApiUrl"/> is set. The
    /// container does not dispose it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="sink">The sink.</param>
    /// <param name="configure">Sets how events are delivered to the sink.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="sink"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>services.AddThoth().AddEventSink(new InMemoryEventSink());</code></example>
    public static IThothBuilder AddEventSink(this IThothBuilder builder, IEventSink sink, Action<EventSinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(sink);
        builder.Services.AddSingleton(sink);
        return builder.AddSinkSettings(configure, candidate => ReferenceEquals(candidate, sink));
    }

    /// <summary>
    /// Adds a sink for behavioural events that a factory creates once. The Thoth API stays a sink too if
    /// <see cref="ThothOptions.ApiUrl"/> is set. The container disposes it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="factory">Creates the sink from the services.</param>
    /// <param name="configure">Sets how events are delivered to the sink.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example>
    /// <code>
    /// services.AddThoth().AddEventSink(provider => new QueueSink(provider.GetRequiredService&lt;QueueClient&gt;(), "thoth-events"));
    /// </code>
    /// </example>
    public static IThothBuilder AddEventSink(
        this IThothBuilder builder, Func<IServiceProvider, IEventSink> factory, Action<EventSinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);

        // Weak keys: the sinks of a disposed provider are not kept alive by the registration.
        var sinks = new ConditionalWeakTable<IEventSink, object>();
        builder.Services.AddSingleton(services =>
        {
            var sink = factory(services);
            sinks.AddOrUpdate(sink, sinks);
            return sink;
        });
        return builder.AddSinkSettings(configure, candidate => sinks.TryGetValue(candidate, out _));
    }

    /// <summary>
    /// Stores every event in an outbox before it is sent to the Thoth API. The last outbox chosen is used. Other sinks are not
    /// affected. <see cref="ThothOptions.ApiUrl"/> is required.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="factory">Creates the outbox, once for each service provider. It is disposed after the events are drained.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// This method is for packages that have their own store. Applications call a method of such a package, such as
    /// <c>UseSqliteOutbox</c>.
    /// </remarks>
    /// <example>
    /// <code>
    /// public static IThothBuilder UseTableOutbox(this IThothBuilder builder, string connectionString) =>
    ///     builder.UseEventOutbox(services => new TableOutbox(connectionString));
    /// </code>
    /// </example>
    public static IThothBuilder UseEventOutbox(this IThothBuilder builder, Func<IServiceProvider, IEventOutbox> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ThothOptions>, OutboxRequirements>());
        builder.Services.Replace(ServiceDescriptor.Singleton(services => new RegisteredOutbox(factory(services))));
        builder.Services.Replace(ServiceDescriptor.Singleton<ApiSinkQueueFactory>(
            static (services, name) => SinkQueueFactory.CreateApiOutbox(services, name, services.GetRequiredService<RegisteredOutbox>().Outbox)));
        return builder;
    }

    /// <summary>
    /// Stores held calls in this store. The last store chosen is used. Without one, held calls are stored in the outbox if it can do
    /// that, or else in memory.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="factory">Creates the store, once for each service provider. The container disposes it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="factory"/> is <see langword="null"/>.</exception>
    /// <example>
    /// <code>
    /// services.AddThoth().UseHeldCallStore(services => new TableHeldCallStore(connectionString));
    /// </code>
    /// </example>
    public static IThothBuilder UseHeldCallStore(this IThothBuilder builder, Func<IServiceProvider, IHeldCallStore> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.Replace(ServiceDescriptor.Singleton(factory));
        return builder;
    }

    /// <inheritdoc cref="ThothServiceCollectionExtensions.AddGovernedTools{TTools}(IServiceCollection, Action{GovernedToolsOptions})" path="/summary"/>
    /// <inheritdoc cref="ThothServiceCollectionExtensions.AddGovernedTools{TTools}(IServiceCollection, Action{GovernedToolsOptions})" path="/remarks"/>
    /// <typeparam name="TTools">The interface.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how the tools of this interface are governed.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The interface is not registered or cannot be governed.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddThoth(builder.Configuration)
    ///     .UseLocalPolicy("thoth.policy.json")
    ///     .AddGovernedTools&lt;IDocumentTools&gt;();
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    public static IThothBuilder AddGovernedTools<TTools>(this IThothBuilder builder, Action<GovernedToolsOptions>? configure = null)
        where TTools : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddGovernedTools<TTools>(configure);
        return builder;
    }

    /// <inheritdoc cref="ThothServiceCollectionExtensions.AddGovernedTools{TTools, TImplementation}(IServiceCollection, ServiceLifetime, Action{GovernedToolsOptions})" path="/summary"/>
    /// <typeparam name="TTools">The interface.</typeparam>
    /// <typeparam name="TImplementation">The implementation.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="lifetime">The service's lifetime. Default: scoped.</param>
    /// <param name="configure">Sets how the tools of this interface are governed.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The interface cannot be governed.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddThoth(builder.Configuration).AddGovernedTools&lt;IDocumentTools, DocumentTools&gt;();
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    public static IThothBuilder AddGovernedTools<TTools, TImplementation>(
        this IThothBuilder builder, ServiceLifetime lifetime = ServiceLifetime.Scoped, Action<GovernedToolsOptions>? configure = null)
        where TTools : class
        where TImplementation : class, TTools
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddGovernedTools<TTools, TImplementation>(lifetime, configure);
        return builder;
    }

    /// <inheritdoc cref="ThothServiceCollectionExtensions.AddGovernedTools(IServiceCollection, Func{Type, bool}, Action{GovernedToolsOptions})" path="/summary"/>
    /// <param name="builder">The builder.</param>
    /// <param name="predicate">Selects interfaces among the service types that are registered so far.</param>
    /// <param name="configure">Sets how the tools of each selected interface are governed.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="predicate"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Nothing was selected, or a selected interface cannot be governed.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddThoth(builder.Configuration).AddGovernedTools(type => type.Name.EndsWith("Tools"));
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    public static IThothBuilder AddGovernedTools(
        this IThothBuilder builder, Func<Type, bool> predicate, Action<GovernedToolsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddGovernedTools(predicate, configure);
        return builder;
    }

    private static IThothBuilder AddSinkSettings(this IThothBuilder builder, Action<EventSinkOptions>? configure, Predicate<IEventSink> appliesTo)
    {
        if (configure is not null)
        {
            var options = new EventSinkOptions();
            configure(options);
            options.Validate();
            builder.Services.AddSingleton(new EventSinkSettings(appliesTo, options));
        }

        return builder;
    }
}
