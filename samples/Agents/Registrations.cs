using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI;

namespace Agents;

internal static class Registrations
{
    public static ServiceProvider Build(IChatClient model)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IOrderTools, OrderTools>();
        services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "order-agent";
        }).UseLocalPolicy("thoth.policy.json").AddGovernedTools<IOrderTools>();

        services.AddChatClient(model).UseThoth();   // in place of UseFunctionInvocation()
        return services.BuildServiceProvider();
    }

    public static IChatClient HostApproves(IChatClient model, IServiceProvider provider) =>
        model.AsBuilder()
            .UseThoth(options =>
            {
                options.ApprovalAuthority = ApprovalAuthority.Host;
                options.Approver = response => "the person at the console";
            })
            .Build(provider);

    public static IChatClient AllowsAWebSearch(IChatClient model, IServiceProvider provider) =>
        model.AsBuilder()
            .UseThoth(options => options.AllowUngoverned("web_search", "The provider searches public pages only."))
            .Build(provider);
}
