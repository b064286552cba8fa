using Extending.Approvers;
using Extending.Enforcers;
using Extending.Http;
using Extending.Outbox;
using Extending.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Extending;

/// <summary>docs/extending.md: the line that registers each example.</summary>
internal static class Registrations
{
    public static void UseEnforcer(IServiceCollection services)
    {
        services.AddHttpClient("policy-service", client =>
        {
            client.BaseAddress = new Uri("https://policy.acme.example/");
            client.Timeout = TimeSpan.FromSeconds(2);
        });
        services.AddThoth().UseEnforcer(provider => new PolicyServiceEnforcer(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("policy-service")));
    }

    public static void UseHoldEnforcer(IServiceCollection services)
    {
        services.AddThoth().UseEnforcer<TicketEnforcer>();
    }

    public static void UseExplainingEnforcer(IServiceCollection services)
    {
        services.AddThoth(options => options.Explain = true).UseEnforcer(new ExplainedEnforcer(new ReadOnlyEnforcer()));
    }

    public static void AddSink(IServiceCollection services)
    {
        services.AddHttpClient("webhook", client => client.BaseAddress = new Uri("https://hooks.acme.example/"));
        services.AddThoth().AddEventSink(
            provider => new WebhookSink(provider.GetRequiredService<IHttpClientFactory>().CreateClient("webhook")),
            sink => sink.MaxConcurrentBatches = 4);
    }

    public static void UseOutbox(IServiceCollection services)
    {
        services.AddThoth(options => options.ApiUrl = "https://enforce.acme.example").UseMemoryOutbox();
    }

    public static void UseApprover(IServiceCollection services)
    {
        services.AddThoth().UseLocalPolicy("thoth.policy.json").UseApprover<SmallAmountApprover>();
    }

    /// <summary>docs/policy.md: the local policy with an approver.</summary>
    public static void UseLocalPolicy(IHostApplicationBuilder builder)
    {
        builder.Services.AddThoth()
            .UseLocalPolicy("thoth.policy.json")     // relative: to the application's base directory, else to the current directory
            .UseApprover<ConsoleApprover>();         // optional: approves or denies held calls
    }

    public static void AddHandler(IServiceCollection services)
    {
        services.AddTransient<CorrelationHandler>();
        services.AddThoth().ConfigureHttpClientBuilder(http => http
            .AddHttpMessageHandler<CorrelationHandler>()
            .ConfigureHttpClient(client => client.DefaultRequestHeaders.Add("X-Team", "support")));
    }
}
