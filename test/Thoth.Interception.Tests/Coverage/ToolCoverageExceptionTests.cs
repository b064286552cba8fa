namespace Thoth.Interception.Tests.Coverage;

public class ToolCoverageExceptionTests
{
    [Test]
    public void Exception_MadeByATest_HasWhatAHandlerReads()
    {
        var finding = new CoverageFinding
        {
            Kind = CoverageFindingKind.ConcreteClass,
            Interface = typeof(IDisposable),
            ServiceType = typeof(object),
            Message = "'object' is registered: remove it.",
        };

        var exception = new ToolCoverageException([finding]);

        Assert.That(exception.Findings, Is.EqualTo([finding]));
        Assert.That(
            exception.Message,
            Is.EqualTo("Governed tools can be reached ungoverned in 1 way, so nothing was started:\n1. 'object' is registered: remove it."));
    }

    [Test]
    public void Exception_WithoutFindings_Throws()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new ToolCoverageException(null!), Throws.ArgumentNullException);
            Assert.That(() => new ToolCoverageException([]), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }
}
