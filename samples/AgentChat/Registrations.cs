using AgentChat.Conversations;
using AgentChat.Tools;
using Microsoft.Extensions.AI;
using Thoth.Interception;
using Thoth.Interception.AI;

namespace AgentChat;

/// <summary>Registers the agent: its tools, their governance and the model.</summary>
internal static class Registrations
{
    public static IServiceCollection AddSupportAgent(this IServiceCollection services, IChatClient model, string? enforcer)
    {
        services.AddSingleton<Company>().AddSingleton(TimeProvider.System);
        services.AddSingleton<IOrderTools, OrderTools>();
        services.AddSingleton<ICustomerTools, CustomerTools>();
        services.AddSingleton<IDocumentTools, DocumentTools>();

        // With an enforcer its page approves held calls. The policy in this process lets the person in the conversation approve.
        var authority = enforcer is null ? ApprovalAuthority.Host : ApprovalAuthority.Enforcer;
        var thoth = services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "support-agent";
            options.StepUp.Timeout = TimeSpan.FromHours(1);
            options.StepUp.PollInterval = TimeSpan.FromSeconds(1);
            if (enforcer is not null)
            {
                // A local enforcer without API keys accepts any key. Without a key no events would be sent.
                options.ApiUrl = enforcer;
                options.ApiKey ??= "local";
            }
        });
        var decisions = new DecisionLog();
        services.AddSingleton(decisions);
        thoth.AddEventSink(decisions);
        if (enforcer is null)
        {
            thoth.UseLocalPolicy("thoth.policy.json");
        }

        thoth.AddGovernedTools<IOrderTools>();
        thoth.AddGovernedTools<ICustomerTools>();
        thoth.AddGovernedTools<IDocumentTools>();

        // UseThoth takes the place of UseFunctionInvocation: each call of a function is decided before it runs.
        services.AddChatClient(model).UseThoth(options => options.ApprovalAuthority = authority);

        services.AddSingleton<AgentTools>().AddSingleton<ConversationStore>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SupportAgent>(provider, authority));
        return services;
    }
}
