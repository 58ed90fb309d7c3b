/** A certificate for 127.0.0.1 that nobody vouches for, with its key, which protects nothing. */
export const SELF_SIGNED = {
  key: [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTcC5l+bQAunAcKP+',
    'QnlHGBEo8EGuBwOkw7Bc7aLSHcmhRANCAASE70DFLBZj8CPFr2gA//0DC2JZUCtQ',
    'fZ6k09eOmDgqiLtvO7IBWURwbLn3sm2Smvh2S7FbFvr1/S+81rmOtgSU',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
  cert: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBkDCCATagAwIBAgIUHa452XqTmEd0ZrGXJUo6/PZR/D4wCgYIKoZIzj0EAwIw',
    'FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMDExMzc0N1oYDzIxMjYxMDI3',
    'MTEzNzQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO',
    'PQMBBwNCAASE70DFLBZj8CPFr2gA//0DC2JZUCtQfZ6k09eOmDgqiLtvO7IBWURw',
    'bLn3sm2Smvh2S7FbFvr1/S+81rmOtgSUo2QwYjAdBgNVHQ4EFgQUd7pgnRa5YoB7',
    'O351SlI/GGXVvPMwHwYDVR0jBBgwFoAUd7pgnRa5YoB7O351SlI/GGXVvPMwDwYD',
    'VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC',
    'IQDHuNg5Y4pH1GrrhKlQg+V/u5DjjAvUlCM9Bxr70ocEJQIgfpNCaC7RUnFXrVG6',
    '2vNSNLZe8IzczeR01XMC1wx6Urg=',
    '-----END CERTIFICATE-----',
  ].join('\n'),
};

/** The same for a host that nobody has. */
export const ELSEWHERE = {
  key: [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOcZeNkOP2Ny9TD2e',
    '/n8PnX3Kfis1Parr0F7+rLg/MBehRANCAAQ1Zc6/8VtGG8yxheBkvpnBzluU1o6U',
    'mBNU8Es6QLRR+zBzqwShjLUQM2dVi5V75DifNdSgUU5ohWItSbfaIega',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
  cert: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBnTCCAUOgAwIBAgIUfCbYgiCNwo8Ll2lAvEJwaf8rX64wCgYIKoZIzj0EAwIw',
    'FDESMBAGA1UEAwwJZWxzZXdoZXJlMCAXDTI2MTEyMDE1MzEwNVoYDzIxMjYxMDI3',
    'MTUzMTA1WjAUMRIwEAYDVQQDDAllbHNld2hlcmUwWTATBgcqhkjOPQIBBggqhkjO',
    'PQMBBwNCAAQ1Zc6/8VtGG8yxheBkvpnBzluU1o6UmBNU8Es6QLRR+zBzqwShjLUQ',
    'M2dVi5V75DifNdSgUU5ohWItSbfaIegao3EwbzAdBgNVHQ4EFgQUsKboUdsmaGK3',
    'm9g9eA0das65FDowHwYDVR0jBBgwFoAUsKboUdsmaGK3m9g9eA0das65FDowDwYD',
    'VR0TAQH/BAUwAwEB/zAcBgNVHREEFTATghFlbHNld2hlcmUuaW52YWxpZDAKBggq',
    'hkjOPQQDAgNIADBFAiAiayBtK5OL/RA3/2brZPQa0G8ABnFDl3Jl2pEexABppwIh',
    'AMSQ4XGTmohqcIKFnOKmNUujmTm8XGCjNHLuWg+g2W6W',
    '-----END CERTIFICATE-----',
  ].join('\n'),
};
