using Microsoft.AspNetCore.Mvc.Testing;
using Thoth.Interception.Testing;

namespace WebMinimal.Tests;

public class ToolSurfaceTests
{
    [Test]
    public void Tools_AreTheReviewedOnes()
    {
        using var application = new WebApplicationFactory<IRefundTools>();

        ToolSurface.Verify(application.Services, "tools.approved.txt");
    }
}
