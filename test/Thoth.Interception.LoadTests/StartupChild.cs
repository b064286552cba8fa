using System.Globalization;
using System.Reflection;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Thoth.Interception.LoadTests;

/// <summary>One measured start, in a process that does nothing else.</summary>
internal static class StartupChild
{
    public const string Governed = "governed, one predicate";
    public const string Castle = "Castle alone, scopes of 25";

    /// <summary>The position of the whole time among the printed values.</summary>
    public const int Total = 5;

    private const string Each = "governed, one by one";
    private const string InHost = "governed, in a host";
    private const string Factories = "governed, registered by factory";
    private const int TypesPerScope = 25;
    private const int FirstCalls = 50;

    public static string[] Variants { get; } = [Governed, InHost, Each, Factories, Castle];

    public static async Task RunAsync(string variant, int count)
    {
        var types = StartupTypes.Make(count);
        var times = variant == Castle
            ? MeasureCastle(types)
            : await MeasureGovernedAsync(types, variant);
        Console.Write(string.Join(' ', times.Select(static time => time.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture))));
    }

    private static async Task<TimeSpan[]> MeasureGovernedAsync((Type Tools, Type Implementation)[] types, string variant)
    {
        var services = new ServiceCollection();
        foreach (var (tools, implementation) in types)
        {
            if (variant == Factories)
            {
                services.AddSingleton(tools, _ => Activator.CreateInstance(implementation)!);
            }
            else
            {
                services.AddSingleton(tools, implementation);
            }
        }

        services.AddThoth(static options => (options.TenantId, options.AgentId) = ("acme", "load")).UseEnforcer(new AllowingEnforcer());
        var one = typeof(ThothServiceCollectionExtensions).GetMethods()
            .Single(static method => method.Name == "AddGovernedTools" && method.GetGenericArguments().Length == 1);
        var (used, start) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        if (variant == Each)
        {
            foreach (var (tools, _) in types)
            {
                one.MakeGenericMethod(tools).Invoke(null, [services, (Action<GovernedToolsOptions>)Name]);
            }
        }
        else
        {
            services.AddGovernedTools(static tools => tools.Namespace == StartupTypes.Namespace);
        }

        var registered = TimeProvider.System.GetTimestamp();
        await using var provider = services.BuildServiceProvider();
        var built = TimeProvider.System.GetTimestamp();
        if (variant == InHost)
        {
            foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
            {
                await service.StartingAsync(CancellationToken.None);
                await service.StartAsync(CancellationToken.None);
            }
        }

        var started = TimeProvider.System.GetTimestamp();
        provider.GetRequiredService(types[0].Tools);
        var first = TimeProvider.System.GetTimestamp();
        var resolved = Array.ConvertAll(types, pair => provider.GetRequiredService(pair.Tools));
        var all = TimeProvider.System.GetTimestamp();
        used = Environment.CpuUsage.TotalTime - used;
        return
        [
            Between(start, registered), Between(registered, built), Between(built, started), Between(started, first), Between(first, all), Between(start, all), used,
            .. Calls(types, resolved),
        ];
    }

    private static TimeSpan[] MeasureCastle((Type Tools, Type Implementation)[] types)
    {
        var generator = new ProxyGenerator();
        var interceptor = new PassingInterceptor();
        var resolved = new object[types.Length];
        var (used, start) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        var first = start;
        for (var i = 0; i < types.Length; i++)
        {
            if (i % TypesPerScope == 0)
            {
                generator = new ProxyGenerator(new DefaultProxyBuilder(new ModuleScope()));
            }

            resolved[i] = generator.CreateInterfaceProxyWithTargetInterface(
                types[i].Tools, Activator.CreateInstance(types[i].Implementation)!, interceptor);
            if (i == 0)
            {
                first = TimeProvider.System.GetTimestamp();
            }
        }

        var all = TimeProvider.System.GetTimestamp();
        used = Environment.CpuUsage.TotalTime - used;
        return [default, default, default, Between(start, first), Between(first, all), Between(start, all), used, .. Calls(types, resolved)];
    }

    /// <summary>Calls methods that were not called before: the first of the process, and the median of others.</summary>
    private static TimeSpan[] Calls((Type Tools, Type Implementation)[] types, object[] resolved)
    {
        var times = new TimeSpan[FirstCalls];
        for (var i = 0; i < FirstCalls; i++)
        {
            var call = types[i].Tools.GetMethod("FindAsync")!.CreateDelegate<Func<string, int, CancellationToken, Task<string>>>(resolved[i]);
            var start = TimeProvider.System.GetTimestamp();
            var task = call("castle", i, CancellationToken.None);
            times[i] = TimeProvider.System.GetElapsedTime(start);
            if (!task.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The call did not complete.", task.Exception);
            }
        }

        return [times[0], times.Skip(1).Order().ElementAt((FirstCalls - 1) / 2)];
    }

    private static TimeSpan Between(long from, long to) => TimeProvider.System.GetElapsedTime(from, to);

    private static void Name(GovernedToolsOptions options) => options.Naming = ToolNaming.InterfaceAndMethod;

    private sealed class PassingInterceptor : IInterceptor
    {
        public void Intercept(IInvocation invocation) => invocation.Proceed();
    }

    private sealed class AllowingEnforcer : ISynchronousEnforcer
    {
        private static readonly EnforcementDecision s_allow = new() { Type = DecisionType.Allow };

        public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken) => s_allow;

        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) => new(s_allow);
    }
}
