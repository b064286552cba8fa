namespace Thoth.Interception.Tests.Enforcement;

public class EnforcementContextTests
{
    [Test]
    public void Defaults_AreTheContractsOwn()
    {
        var context = new EnforcementContext { TenantId = "t", AgentId = "a", SessionId = "s", EnforcementTraceId = "s" };

        Assert.That((context.UserId, context.Environment, context.Mode), Is.EqualTo(("system", "prod", EnforcementMode.Block)));
        Assert.That((context.ApprovedScope, context.IdentityBinding), Is.EqualTo((Array.Empty<string>(), new Dictionary<string, string>())));
    }
}
