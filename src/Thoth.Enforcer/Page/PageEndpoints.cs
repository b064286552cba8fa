using Thoth.Enforcer.Page.Approvals;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Page.Overview;

namespace Thoth.Enforcer.Page;

/// <summary>Maps the pages, which require a sign-in.</summary>
internal static class PageEndpoints
{
    public static void AddPages(this IServiceCollection services) =>
        services.AddSingleton<PageLayout>().AddSingleton<ApprovalsPage>()
            .AddSingleton<ActivityPage>().AddSingleton<SessionPage>().AddSingleton<PolicyPage>();

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        var pages = routes.MapGroup("").RequireAuthorization().ExcludeFromDescription();
        ApprovalsPage.Map(pages);
        ActivityPage.Map(pages);
        SessionPage.Map(pages);
        PolicyPage.Map(pages);
        LiveStream.Map(pages);
    }
}
