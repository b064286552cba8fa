using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Coverage;
using Thoth.Interception.Enforcement.Http;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Health;
using Thoth.Interception.Http;
using Thoth.Interception.Interception;
using Thoth.Interception.Invocation;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;
using Thoth.Interception.StepUp;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Registers the library's own services, once for each service collection.</summary>
internal static class CoreServices
{
    public static void AddThothCore(this IServiceCollection services)
    {
        if (services.Any(static descriptor => descriptor.ServiceType == typeof(ToolCallPipeline)))
        {
            return;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddThothOptions();
        services.AddThothLogging();
        services.AddThothApi();
        services.AddSessionsAndEvents();
        services.AddCoverage();
        services.AddPipeline();
        services.AddSingleton<IHostedService, ThothHostedService>();
    }

    private static void AddThothOptions(this IServiceCollection services)
    {
        // The setup goes first, so that any delegate wins over configuration and environment, also one that was added before AddThoth.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ThothOptions>, ThothOptionsSetup>());
        services.TryAddSingleton(new ThothEnvironment(Environment.GetEnvironmentVariable));
        services.AddOptions<ThothOptions>().ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<ThothOptions>, ThothOptionsSetup>();
        services.AddSingleton<IPostConfigureOptions<ThothOptions>, ThothOptionsValidator>();
        services.AddSingleton<IValidateOptions<ThothOptions>, ThothOptionsValidator>();
        services.AddSingleton<IValidateOptions<ThothOptions>, ThothOptionsRanges>();
    }

    private static void AddThothLogging(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddSingleton<IConfigureOptions<LoggerFilterOptions>, LoggerLevelSetup>();
    }

    /// <summary>Adds the client of the Thoth API: the default enforcer and the sink for events, both used if <c>ApiUrl</c> is set.</summary>
    private static void AddThothApi(this IServiceCollection services)
    {
        services.AddThothClient();
        services.AddSingleton<ApiClient>();
        services.AddSingleton<EnforcerHttpClient>();
        services.TryAddSingleton<IEnforcer>(CreateHttpEnforcer);
        services.AddSingleton<HttpEventSink>();
        services.TryAddSingleton<ApiSinkQueueFactory>(SinkQueueFactory.CreateApiInMemory);
    }

    private static void AddSessionsAndEvents(this IServiceCollection services)
    {
        services.TryAddSingleton<LoggerEventSink>();
        services.AddSingleton(static provider => new ThothSessions(
            provider.GetRequiredService<IOptions<ThothOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            context => provider.GetRequiredService<EventPipeline>().Enqueue(
                BehavioralEvent.SessionStarted(context, provider.GetRequiredService<TimeProvider>().GetUtcNow()))));
        services.AddSingleton<IThothSessions>(static provider => provider.GetRequiredService<ThothSessions>());
        services.AddSingleton(static provider => ActivatorUtilities.CreateInstance<EventPipeline>(provider, SinkQueueFactory.CreateAll(provider)));
        services.AddSingleton<IEventPipeline>(static provider => provider.GetRequiredService<EventPipeline>());
    }

    private static void AddCoverage(this IServiceCollection services)
    {
        CoverageRules.In(services);
        services.AddSingleton<CoverageStartupCheck>();
        services.AddSingleton<IStartupCheck>(static provider => provider.GetRequiredService<CoverageStartupCheck>());
        services.AddSingleton<IToolCatalog, ToolCatalog>();
    }

    private static void AddPipeline(this IServiceCollection services)
    {
        services.TryAddSingleton<IHeldCallStore>(CreateHeldCallStore);
        services.AddSingleton(CreateWithEnforcer<HeldCallEnd>);
        services.AddSingleton<HeldCallWatch>();
        services.AddSingleton(CreateWithEnforcer<HeldCalls>);
        services.AddSingleton<IThothHolds>(static provider => provider.GetRequiredService<HeldCalls>());
        services.AddSingleton<EnforcerAvailability>();
        services.AddSingleton(static provider =>
        {
            // Disposal runs in reverse order of creation: with the events created first, no call starts after they are drained.
            provider.GetRequiredService<IEventPipeline>();
            var pipeline = CreateWithEnforcer<ToolCallPipeline>(provider);
            provider.GetRequiredService<HeldCallWatch>().Restore();
            return pipeline;
        });
        services.AddSingleton<IGovernedMethods>(static provider => new GovernedMethods(provider.GetService<GovernedServices>()));
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<ICurrentToolCall, CurrentToolCall>();
        services.AddSingleton<CallDecider>();
        services.AddSingleton<IToolGovernor, ToolGovernor>();
    }

    /// <summary>Creates an object that decides calls: a test's enforcer replaces any other, whichever was registered last.</summary>
    private static T CreateWithEnforcer<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(
        services, services.GetService<TestReplacement>()?.Enforcer ?? services.GetRequiredService<IEnforcer>());

    /// <summary>Creates the default store: the outbox's, or else one in memory.</summary>
    private static IHeldCallStore CreateHeldCallStore(IServiceProvider services)
    {
        if (services.GetService<TestReplacement>() is not null)
        {
            return new InMemoryHeldCallStore();
        }

        // The queue of the events owns the outbox and disposes it.
        services.GetRequiredService<EventPipeline>();
        return services.GetService<RegisteredOutbox>()?.Outbox.HeldCalls ?? new InMemoryHeldCallStore();
    }

    private static HttpEnforcer CreateHttpEnforcer(IServiceProvider services) =>
        services.GetRequiredService<IOptions<ThothOptions>>().Value.ApiUrl is not null
            ? ActivatorUtilities.CreateInstance<HttpEnforcer>(services)
            : throw new OptionsValidationException(Options.DefaultName, typeof(ThothOptions),
            [
                "The API URL is required. Set ThothOptions.ApiUrl, Thoth:ApiUrl or THOTH_API_URL, or choose another enforcer: "
                    + "AddThoth().UseLocalPolicy(path) for a policy in this process, or UseEnforcer.",
            ]);
}
