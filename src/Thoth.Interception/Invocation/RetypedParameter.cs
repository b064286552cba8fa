using System.Reflection;

namespace Thoth.Interception.Invocation;

/// <summary>A parameter with the name and attributes of another, and a type of its own.</summary>
internal sealed class RetypedParameter : ParameterInfo
{
    private readonly ParameterInfo _original;
    private readonly bool _keepsDefault;

    public RetypedParameter(ParameterInfo original, Type type, bool keepsDefault)
    {
        _original = original;
        _keepsDefault = keepsDefault;
        (ClassImpl, NameImpl, PositionImpl, MemberImpl) = (type, original.Name, original.Position, original.Member);
    }

    public override bool HasDefaultValue => _keepsDefault && _original.HasDefaultValue;

    public override object? DefaultValue => _keepsDefault ? _original.DefaultValue : null;

    public override bool IsDefined(Type attributeType, bool inherit) => _original.IsDefined(attributeType, inherit);

    public override object[] GetCustomAttributes(bool inherit) => _original.GetCustomAttributes(inherit);

    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => _original.GetCustomAttributes(attributeType, inherit);

    public override IList<CustomAttributeData> GetCustomAttributesData() => _original.GetCustomAttributesData();
}
