using Thoth.Enforcer.Page.Approvals;

namespace Thoth.Enforcer.Tests.Page.Approvals;

public class SensitiveNamesTests
{
    [TestCase("password")]
    [TestCase("API-Key")]
    [TestCase("dbPassword")]
    [TestCase("token")]
    [TestCase("ssn")]
    public void Include_SensitiveNameInAnySpelling_IsTrue(string name) => Assert.That(SensitiveNames.Include(name), Is.True);

    [TestCase("tokens")]
    [TestCase("pinned")]
    [TestCase("order")]
    public void Include_OtherName_IsFalse(string name) => Assert.That(SensitiveNames.Include(name), Is.False);
}
