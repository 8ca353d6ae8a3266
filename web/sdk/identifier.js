// Users and other participants: the SDK's CommunicationIdentifier, the service's model, and raw ids.

const isText = (value) => typeof value === "string";

/** Returns the service's model of an identifier. The SDK tells the kinds apart by their members. */
export function modelOf(identifier) {
  const { communicationUserId, phoneNumber, microsoftTeamsUserId, teamsAppId, userId, tenantId, resourceId, id, rawId } = identifier ?? {};
  const { cloud = "public", isAnonymous = false, assertedId } = identifier ?? {};
  if (isText(communicationUserId)) return { rawId: communicationUserId, communicationUser: { id: communicationUserId } };
  if (isText(phoneNumber)) return { rawId: rawId ?? `4:${phoneNumber}`, phoneNumber: { value: phoneNumber, isAnonymous, assertedId } };
  if (isText(microsoftTeamsUserId)) {
    const prefix = isAnonymous ? "8:teamsvisitor:" : `8:${cloud === "public" ? "orgid" : cloud}:`;
    return { rawId: rawId ?? prefix + microsoftTeamsUserId, microsoftTeamsUser: { userId: microsoftTeamsUserId, isAnonymous, cloud } };
  }
  if (isText(teamsAppId)) {
    return { rawId: rawId ?? `28:${cloud === "public" ? "orgid" : cloud}:${teamsAppId}`, microsoftTeamsApp: { appId: teamsAppId, cloud } };
  }
  if (isText(userId) && isText(tenantId) && isText(resourceId)) {
    const prefix = cloud === "public" ? "8:acs:" : `8:${cloud}-acs:`;
    return { rawId: rawId ?? `${prefix}${resourceId}_${tenantId}_${userId}`, teamsExtensionUser: { userId, tenantId, resourceId, cloud } };
  }
  return { rawId: id };
}

/** Returns the SDK's form of the service's model. */
export function identifierOf({ rawId, communicationUser, phoneNumber, microsoftTeamsUser, microsoftTeamsApp, teamsExtensionUser }) {
  if (communicationUser) return { kind: "communicationUser", communicationUserId: communicationUser.id };
  if (phoneNumber) {
    const { value, isAnonymous = false, assertedId } = phoneNumber;
    return { kind: "phoneNumber", phoneNumber: value, rawId, isAnonymous, assertedId };
  }
  if (microsoftTeamsUser) {
    const { userId, isAnonymous = false, cloud = "public" } = microsoftTeamsUser;
    return { kind: "microsoftTeamsUser", microsoftTeamsUserId: userId, isAnonymous, cloud, rawId };
  }
  if (microsoftTeamsApp) {
    const { appId, cloud = "public" } = microsoftTeamsApp;
    return { kind: "microsoftTeamsApp", teamsAppId: appId, cloud, rawId };
  }
  if (teamsExtensionUser) {
    const { userId, tenantId, resourceId, cloud = "public" } = teamsExtensionUser;
    return { kind: "teamsExtensionUser", userId, tenantId, resourceId, cloud, rawId };
  }
  return { kind: "unknown", id: rawId };
}

/** Returns the identifier of the user of a token. "" stands for a token that does not name its user. */
export function userOf(rawId = "") {
  if (/^8:(acs|gcch-acs|dod-acs|spool):/.test(rawId)) return { kind: "communicationUser", communicationUserId: rawId };
  const [, cloud, microsoftTeamsUserId] = /^8:(orgid|dod|gcch):(.+)$/.exec(rawId) ?? [];
  if (cloud === undefined) return { kind: "unknown", id: rawId };
  return { kind: "microsoftTeamsUser", microsoftTeamsUserId, isAnonymous: false, cloud: cloud === "orgid" ? "public" : cloud, rawId };
}
