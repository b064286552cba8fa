using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Page.SignIn;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer.Tests;

public class StartupBannerTests
{
    [TestCase(null, "sign-in?token=", "THOTH_API_KEY=local")]
    [TestCase("a-configured-page-token", "THOTH_ENFORCER_PAGE_TOKEN", "tenant 'local'")]
    public void Banner_TokenMadeOrConfigured_NamesTheLinkAndHidesAConfiguredToken(string? token, string link, string access)
    {
        var text = StartupBanner.Of("http://127.0.0.1:5080", new PageToken(token), new ApiKeys([]), new EnforcerOptions { PolicyPath = "p" });

        Assert.That(text, Does.Contain(link).And.Contain(access).And.Not.Contain("a-configured-page-token"));
    }
}
