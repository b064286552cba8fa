using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.RateLimiting;
using Thoth.Enforcer.Api;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Health;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Limits;
using Thoth.Enforcer.Page;
using Thoth.Enforcer.Page.SignIn;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tenants;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer;

/// <summary>Composes the server.</summary>
internal static class EnforcerServer
{
    /// <summary>Opens the database, loads the policy and creates the server. The caller starts it.</summary>
    /// <exception cref="UsageException">The server cannot start with these options.</exception>
    /// <exception cref="PolicyLoadException">The policy cannot be loaded.</exception>
    public static WebApplication Build(EnforcerOptions options, TimeProvider time, Action<ILoggingBuilder>? logging = null)
    {
        if (!File.Exists(options.PolicyPath))
        {
            throw new UsageException($"The policy file '{options.PolicyPath}' does not exist. Create it, or correct --policy.");
        }

        var keys = ApiKeys.Load(options);
        var urls = ListenAddresses.Check(options, keys.Any);
        var token = new PageToken(options.PageToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging?.Invoke(builder.Logging);
        builder.WebHost.UseUrls(urls).UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = EnforcerOptions.MaxBodyBytes;
        });

        var services = builder.Services;
        services.AddSingleton(options).AddSingleton(time).AddSingleton(keys).AddSingleton(token);
        services.AddSingleton<IConnectionListenerFactory, GuardedListenerFactory>();
        services.AddSingleton(provider => new EnforcerDatabase(options.DatabasePath, time, provider.GetRequiredService<ILogger<EnforcerDatabase>>()));
        services.AddSingleton(provider => PolicyEngine.Load(
            new LocalPolicyOptions { Path = options.PolicyPath }, time, provider.GetRequiredService<ILogger<PolicyEngine>>()));
        services.AddSingleton<ChangeFeed>().AddSingleton<Activity>().AddSingleton<RefusedRequests>().AddSingleton<EnforcerHealth>();
        services.AddSingleton<EnforceHandler>().AddSingleton<EventIngestHandler>();
        services.AddSingleton<ApprovalService>().AddSingleton<HoldCollector>().AddHostedService<HoldExpirationService>();
        services.AddSingleton<RateLimits>().AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<RateLimits>(static (limiter, limits) => limits.Configure(limiter));
        services.ConfigureHttpJsonOptions(static json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi();
        services.AddPageAccess(options);
        services.AddSingleton<EndedSignIns>();
        services.AddPages();

        var app = builder.Build();
        try
        {
            Open(app);
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }

        Use(app);
        return app;
    }

    /// <summary>Runs the steps that can fail at startup, before the first request is accepted.</summary>
    private static void Open(WebApplication app)
    {
        app.Services.GetRequiredService<EnforcerDatabase>();
        var policy = app.Services.GetRequiredService<PolicyEngine>().Policy;
        if (policy.Rules.Any(static rule => !rule.MatchesUndeclaredAction))
        {
            EnforcerLog.ActionsDoNotTravel(app.Logger);
        }

        if (!app.Services.GetRequiredService<ApiKeys>().Any)
        {
            EnforcerLog.NoKeys(app.Logger);
        }
    }

    private static void Use(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<RefusalRecorder>();
        app.UseMiddleware<LeadingSlashes>();
        app.UseMiddleware<ApiErrors>();
        app.UseMiddleware<HostGuard>();
        app.UseStatusCodePages(static context => ApiError.WriteEmptyAsync(context.HttpContext));
        app.UseRouting();
        app.UseMiddleware<ApiAuthentication>();
        app.Use(app.Services.GetRequiredService<RateLimits>().AddHeadersAsync);
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapApi();
        app.MapOpenApi();
        app.MapSignIn();
        app.MapPages();
    }
}
